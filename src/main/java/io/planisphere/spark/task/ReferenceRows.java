package io.planisphere.spark.task;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Allowed;
import io.planisphere.source.Content;
import io.planisphere.source.FetchLimits;
import io.planisphere.source.Fetcher;
import io.planisphere.source.Mapped;
import io.planisphere.source.OptOut;
import io.planisphere.source.Reference;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.file.ForklessFiles;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlannedMetadata;
import io.planisphere.spark.rows.JobRows;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes row files from one partition of planned references, each with its batch. Fetches ahead while the network runs.
 *
 * @param order order of the photos; listed order if they are of several batches
 */
public record ReferenceRows(
        PhotoTask task, Broadcast<SerializableConfiguration> hadoop, Fetcher.Order order, RowFiles target)
        implements FlatMapFunction<Iterator<Row>, TaskResult> {
    private static final int URI = JobRows.PHOTO_COLUMNS.fieldIndex("uri");

    @Override
    public Iterator<TaskResult> call(Iterator<Row> references) throws IOException {
        ForklessFiles.useIn(hadoop.value().value());
        Fetcher fetcher = new Fetcher(
                hadoop.value().value(),
                FetchLimits.ofMaxImageBytes(task.limits().maxBytes()),
                task.access(),
                order);
        PhotoTask.whenTaskEnds(ended -> fetcher.close());
        Map<String, Long> batches = new HashMap<>();
        FetchableReferences fetchable = new FetchableReferences(
                noting(batches, references),
                task.optOut().value(),
                task.access().allowed(),
                task.rows().content() == Content.PHOTOS_AND_SIDECARS);
        return List.of(written(task.rowsOf(fetchable.withRejected(fetcher.fetch(fetchable))), batches, target))
                .iterator();
    }

    /**
     * Writes all rows of a task.
     *
     * @param batches batch by uri; entries are removed once written
     */
    static TaskResult written(PhotoTask.TaskRows rows, Map<String, Long> batches, RowFiles target) throws IOException {
        try (RowFiles.Writer writer = target.writer()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                writer.write(Objects.requireNonNull(batches.remove(row.getString(URI))), row);
            }
            return new TaskResult(writer.finish(), Map.of(), rows.sideFiles());
        }
    }

    /** Returns the same references, and records their batches as they are read. */
    static Iterator<Row> noting(Map<String, Long> batches, Iterator<Row> references) {
        return new Mapped<>(references, reference -> {
            batches.put(reference.getAs(Plan.URI), reference.getAs(Output.BATCH));
            return reference;
        });
    }

    /** The references to fetch. Opted-out references and those that the plan rejected are set aside and returned in between. */
    private static final class FetchableReferences implements Iterator<Reference> {
        private final Iterator<Row> planned;
        private final OptOut optOut;
        private final Allowed allowed;
        private final Queue<Reference> ahead = new ArrayDeque<>(1);
        private final Queue<EncodedImage> rejected = new ArrayDeque<>();
        private final boolean metadata;
        // metadata of the references in flight
        private final Map<String, String> described = new HashMap<>();

        FetchableReferences(Iterator<Row> planned, OptOut optOut, Allowed allowed, boolean metadata) {
            this.allowed = allowed;
            this.metadata = metadata;
            this.planned = planned;
            this.optOut = optOut;
        }

        @Override
        public boolean hasNext() {
            while (ahead.isEmpty() && planned.hasNext()) {
                Row row = planned.next();
                String id = row.getAs("id");
                String uri = row.getAs("uri");
                String reason = row.getAs("rejected");
                String manifest = row.getAs("manifest");
                Optional<String> refusal = manifest == null || reason != null
                        ? Optional.empty()
                        : allowed.refusal(uri, manifest.equals(Plan.LOCAL));
                if (optOut.holds(id) || optOut.holds(row.getAs("user"))) {
                    rejected.add(new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL));
                } else if (refusal.isPresent()) {
                    rejected.add(new EncodedImage.Rejected(id, uri, Status.FORBIDDEN, refusal.get()));
                } else if (reason == null) {
                    ahead.add(new Reference(id, uri));
                    if (metadata) {
                        described.put(uri, PlannedMetadata.of(row));
                    }
                } else {
                    rejected.add(new EncodedImage.Rejected(id, uri, Status.MISSING, reason));
                }
            }
            return !ahead.isEmpty();
        }

        @Override
        public Reference next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ahead.remove();
        }

        Iterator<EncodedImage> withRejected(Iterator<EncodedImage> fetched) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return fetched.hasNext() || !rejected.isEmpty(); // in this order: looking ahead may reject
                }

                @Override
                public EncodedImage next() {
                    return rejected.isEmpty() ? withMetadata(fetched.next()) : rejected.remove();
                }
            };
        }

        private EncodedImage withMetadata(EncodedImage photo) {
            String json = described.remove(photo.uri());
            return json != null && photo instanceof EncodedImage.Ok ok
                    ? new EncodedImage.Ok(ok.id(), ok.uri(), ok.content(), json)
                    : photo;
        }
    }
}
