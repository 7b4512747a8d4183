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
 * Labels the rows with some statuses again. The batches that they are in are replaced, some at a time: by their other rows and the new
 * ones.
 */
final class Retry {
    /** Rows that are made again in one operation, at most, unless a single batch has more: what a crash costs. */
    private static final long ROWS_PER_OPERATION = 1_000_000;

    private final Output output;
    private final Plan plan;
    private final Labelling labelling;
    private final Deliveries deliveries;

    Retry(Output output, Plan plan, Labelling labelling, Deliveries deliveries) {
        this.deliveries = deliveries;
        this.output = output;
        this.plan = plan;
        this.labelling = labelling;
    }

    /** Returns when all of them are labelled again, or once the deliveries have failed. */
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

    /** The batches that have such rows, a list for each operation. */
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
     * What to do where photos come in shards.
     *
     * @param toRead shards, each with the photos wanted of it, or none if all are
     * @param superseded rows that go, by {@code uri}
     */
    record Shards(List<Shard> toRead, Dataset<Row> superseded) {}

    /**
     * The wanted photos by shard. A row that stands for a whole shard, because it is missing or was cut short, asks for all of it.
     * The driver holds a name per wanted photo.
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

    /** The wanted rows, and all rows of the shards that are read whole: one pass over the output, however many these are. */
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
     * Joins rows with the shards that are read whole.
     *
     * @param whole uris of these shards
     * @param alike these, and the planned ones whose uri begins with one of them and a #
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
