package io.planisphere.spark.run;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import io.planisphere.image.Status;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.commit.WrittenFile;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.PlannedShards;
import io.planisphere.spark.task.ShardRows.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels the rows with some statuses again. The batches with these rows are replaced, some at a time, by their other rows and the
 * new ones.
 */
record Retry(Output output, Plan plan, Labelling labelling, Deliveries deliveries) {
    /** Maximum number of rows made again in one operation, unless a single batch has more. Bounds the work lost in a crash. */
    private static final long ROWS_PER_OPERATION = 1_000_000;

    /** Labels until all of these rows are made again, or until the deliveries have failed. */
    void run(InputKind kind, Set<Status> statuses) throws IOException {
        for (List<Long> batches : operations(statuses)) {
            if (deliveries.failed().isPresent()) {
                return;
            }
            run(kind, statuses, batches);
        }
    }

    private void run(InputKind kind, Set<Status> statuses, List<Long> batches) throws IOException {
        long operation = output.begin(new Begun(Kind.RETRY, batches, 0, 0, ""));
        RowFiles target = output.files(operation);
        Dataset<Row> rows = output.rows().where(col(Output.BATCH).isInCollection(batches));
        Labelling.Written written;
        Dataset<Row> superseded;
        if (kind == InputKind.SHARDS) {
            Shards shards = shards(rows, plan, statuses);
            superseded = shards.superseded;
            Comparator<Shard> emptiestFirst =
                    Comparator.comparing(shard -> shard.only().size());
            written = labelling.shards(shards.toRead, emptiestFirst.reversed(), target);
        } else {
            superseded = wanted(rows, statuses).select(Plan.URI, Output.BATCH);
            Dataset<Row> references = plan.references(superseded);
            written = labelling.writesSideFiles()
                    ? labelling.references(references, target)
                    : labelling.referencesOfBatches(references, target);
        }
        List<WrittenFile> files = new ArrayList<>(written.files());
        files.addAll(output.write(operation, rows.join(superseded.select(Plan.URI), Plan.BY_URI, "left_anti")));
        output.replace(operation, batches, files, written.sideFiles());
        deliveries.add(batches.get(0), written.status());
    }

    /** Returns the batches that have such rows, one list per operation. */
    private List<List<Long>> operations(Set<Status> statuses) {
        List<List<Long>> operations = new ArrayList<>();
        long inLast = ROWS_PER_OPERATION;
        for (CommittedBatch batch : output.state().batches()) {
            long wanted = statuses.stream()
                    .mapToLong(status -> batch.account().status().getOrDefault(status.code(), 0L))
                    .sum();
            if (wanted > 0) {
                if (inLast + wanted > ROWS_PER_OPERATION || labelling.writesSideFiles()) {
                    operations.add(new ArrayList<>());
                    inLast = 0;
                }
                operations.get(operations.size() - 1).add(batch.account().batch());
                inLast += wanted;
            }
        }
        return operations;
    }

    private static Dataset<Row> wanted(Dataset<Row> rows, Set<Status> statuses) {
        return rows.where(col("status").isin(statuses.stream().map(Status::code).toArray()));
    }

    /**
     * The work of a retry over shards.
     *
     * @param toRead shards to read, each with the photos wanted of it; none means all photos
     * @param superseded rows to replace, by {@code uri}
     */
    record Shards(List<Shard> toRead, Dataset<Row> superseded) {}

    /**
     * Returns the wanted photos by shard. A row for a whole shard, which is missing or was truncated, selects the whole shard.
     * The driver holds one name per wanted photo.
     */
    static Shards shards(Dataset<Row> rows, Plan plan, Set<Status> statuses) throws IOException {
        Map<String, ShardSource> planned = new HashMap<>();
        PlannedShards.of(plan.chunks()).forEach(shard -> planned.put(shard.uri(), shard));
        Dataset<Row> wanted = wanted(rows, statuses);
        Map<String, List<Reference>> photos = new HashMap<>();
        Map<String, Long> batches = new HashMap<>();
        Set<String> whole = new HashSet<>();
        for (Row row : wanted.select("id", Plan.URI, Output.BATCH).collectAsList()) {
            String uri = row.getString(1);
            String shard = PlannedShards.holding(uri, planned.keySet())
                    .orElseThrow(() -> new IllegalStateException("The plan has no shard for " + uri));
            List<Reference> ofShard = photos.computeIfAbsent(shard, first -> new ArrayList<>());
            batches.put(shard, row.getLong(2));
            if (uri.equals(shard)) {
                whole.add(shard);
            } else {
                ofShard.add(new Reference(row.getString(0), uri));
            }
        }
        List<Shard> toRead = new ArrayList<>();
        photos.forEach((shard, some) -> toRead.add(new Shard(
                requireNonNull(planned.get(shard)),
                requireNonNull(batches.get(shard)),
                0,
                whole.contains(shard) ? List.of() : some)));
        return new Shards(toRead, superseded(rows, wanted, whole, planned.keySet()));
    }

    /**
     * Returns the wanted rows, and all rows of the shards that are read whole, in one pass over the output regardless of their
     * number.
     */
    private static Dataset<Row> superseded(
            Dataset<Row> rows, Dataset<Row> wanted, Set<String> whole, Set<String> planned) {
        Dataset<Row> named = wanted.select(Plan.URI);
        if (whole.isEmpty()) {
            return named.dropDuplicates(Plan.URI);
        }
        Set<String> alike = planned.stream()
                .filter(shard -> PlannedShards.possibleUris(shard).stream().anyMatch(whole::contains))
                .collect(Collectors.toCollection(HashSet::new));
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
        OfShards ofWhole = new OfShards(context.broadcast(whole), context.broadcast(alike));
        return named.union(rows.select(Plan.URI).filter(ofWhole)).dropDuplicates(Plan.URI);
    }

    /**
     * Filters the rows of shards that are read whole.
     *
     * @param whole uris of these shards
     * @param alike these, and the planned shards whose uri begins with one of them followed by a #
     */
    private record OfShards(Broadcast<Set<String>> whole, Broadcast<Set<String>> alike) implements FilterFunction<Row> {
        @Override
        public boolean call(Row row) {
            return PlannedShards.holding(row.getString(0), alike.value())
                    .filter(whole.value()::contains)
                    .isPresent();
        }
    }
}
