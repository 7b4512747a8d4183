package io.planisphere.spark;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.FetchLimits;
import io.planisphere.source.Fetcher;
import io.planisphere.source.OptOut;
import io.planisphere.source.Reference;
import io.planisphere.spark.file.ForklessFiles;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** One partition of planned references to rows: fetches ahead while the network works. */
record ReferenceRows(PhotoTask task, Broadcast<SerializableConfiguration> hadoop)
        implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> references) {
        ForklessFiles.useIn(hadoop.value().value());
        Fetcher fetcher = new Fetcher(
                hadoop.value().value(),
                FetchLimits.ofMaxImageBytes(task.limits().maxBytes()));
        PhotoTask.whenTaskEnds(ended -> fetcher.close());
        Sound sound =
                new Sound(references, task.optOut().value(), task.rows().content() == Content.PHOTOS_AND_SIDECARS);
        return task.rowsOf(sound.withRejected(fetcher.fetch(sound)));
    }

    /** The references to fetch; those opted out and the planner's refusals are set aside and handed on in between. */
    private static final class Sound implements Iterator<Reference> {
        private final Iterator<Row> planned;
        private final OptOut optOut;
        private final Queue<Reference> ahead = new ArrayDeque<>(1);
        private final Queue<EncodedImage> rejected = new ArrayDeque<>();
        private final boolean metadata;
        // of those in flight
        private final Map<String, String> described = new HashMap<>();

        Sound(Iterator<Row> planned, OptOut optOut, boolean metadata) {
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
                if (optOut.holds(id) || optOut.holds(row.getAs("user"))) {
                    rejected.add(new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL));
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
