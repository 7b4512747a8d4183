package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;

import io.planisphere.image.Status;
import io.planisphere.source.Globs;
import io.planisphere.source.ShardTally;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.Observed;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** From photos to rows on disk: runs one set of work through the cluster, and proves that no photo was lost on the way. */
final class Labelling {
    /** Few enough that a task lost is little work, enough that starting tasks costs nothing. */
    static final int REFERENCES_PER_TASK = 2500;

    /** Tasks that each core has at least, since photos take more or less time. */
    private static final int LEAST_ROUNDS = 4;

    private static final StructType STATUS = new StructType().add("status", DataTypes.StringType);

    private final SparkSession spark;
    private final PhotoTask task;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Optional<SideFiles> files;

    Labelling(
            SparkSession spark,
            PhotoTask task,
            Broadcast<SerializableConfiguration> hadoop,
            Optional<SideFiles> files) {
        this.files = files;
        this.spark = spark;
        this.task = task;
        this.hadoop = hadoop;
    }

    /** The same, suspecting photos of ending the process that decodes them. */
    Labelling carefully() {
        return new Labelling(spark, task.carefully(), hadoop, files);
    }

    /**
     * What was written.
     *
     * @param inputs photos that the sources gave
     * @param replacedShards shards that are not those that were planned
     * @param status rows by status code; they add up to {@code inputs}
     */
    record Written(long inputs, long videosSkipped, long replacedShards, Map<String, Long> status) {}

    /** Where the rows go: under which number, and for now into which folder. */
    record Target(long batch, Path folder) {}

    /** One task per shard, unless the job has files of its own; the largest first, so that none is left for the end. */
    Written shards(List<Shard> shards, Comparator<Shard> largestFirst, Target target) throws IOException {
        TaskReports<ShardTally> tallies = new TaskReports<>();
        spark.sparkContext().register(tallies);
        long bytes = shards.stream().mapToLong(Shard::bytes).sum();
        Optional<SideFiles.Batch> batch = files.isPresent()
                ? Optional.of(files.get().begin(target.batch(), bytes, Math.max(1, shards.size())))
                : Optional.empty();
        List<Shard> ordered = shards.stream()
                .sorted(batch.isPresent() ? Comparator.comparing(Shard::uri) : largestFirst)
                .toList();
        int tasks = Math.min(ordered.size(), batch.map(SideFiles.Batch::tasks).orElse(Integer.MAX_VALUE));
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(ordered, Math.max(1, tasks))
                .mapPartitions(new ShardRows(taskOf(batch), hadoop, tallies));
        Map<String, Long> status = write(spark.createDataset(rows.rdd(), encoder()), target.folder());
        long inputs = 0;
        long videosSkipped = 0;
        long replacedShards = 0;
        for (Shard shard : shards) {
            ShardTally tally = tallies.value().getOrDefault(shard.uri(), ShardTally.NONE);
            inputs += shard.only().isEmpty() ? tally.rows() : shard.only().size();
            videosSkipped += tally.videosSkipped();
            replacedShards += tally.replacedShards();
        }
        return proven(new Written(inputs, videosSkipped, replacedShards, status), target, batch);
    }

    /** Spreads the references over the cores and fetches them there. */
    Written references(Dataset<Row> references, Target target) throws IOException {
        long inputs = references.count();
        if (files.isPresent()) {
            Dataset<Row> prepared = files.get().prepared(references);
            SideFiles.Batch batch = files.get().begin(target.batch(), prepared);
            Dataset<Row> rows = prepared.repartition(batch.tasks())
                    .sortWithinPartitions(PlannedMetadata.KEY, Plan.URI)
                    .mapPartitions(new ReferenceRows(task.with(batch.rows()), hadoop), encoder());
            return proven(new Written(inputs, 0, 0, write(rows, target.folder())), target, Optional.of(batch));
        }
        Dataset<Row> rows = references
                .repartition(tasks(inputs, spark.sparkContext().defaultParallelism()))
                .mapPartitions(new ReferenceRows(task, hadoop), encoder());
        return proven(new Written(inputs, 0, 0, write(rows, target.folder())), target, Optional.empty());
    }

    /** The same number for each core: one task more, and all cores but one wait for it. */
    static int tasks(long references, int cores) {
        long perRound = (long) REFERENCES_PER_TASK * cores;
        long rounds = (references + perRound - 1) / perRound;
        long tasks = cores * Math.max(LEAST_ROUNDS, rounds);
        return (int) Math.max(1, Math.min(tasks, references));
    }

    private PhotoTask taskOf(Optional<SideFiles.Batch> batch) {
        return batch.map(one -> task.with(one.rows())).orElse(task);
    }

    private Encoder<Row> encoder() {
        return Encoders.row(task.rows().schema());
    }

    private Map<String, Long> write(Dataset<Row> rows, Path target) {
        Observation observed = new Observation();
        Column[] counts = Arrays.stream(Status.values())
                .map(status -> count_if(col("status").equalTo(status.code())).as(status.code()))
                .toArray(Column[]::new);
        rows.observe(observed, counts[0], Arrays.copyOfRange(counts, 1, counts.length))
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(target.toString());
        Observed seen = Observed.of(observed);
        Map<String, Long> written = new TreeMap<>();
        for (Status status : Status.values()) {
            if (seen.number(status.code()) > 0) {
                written.put(status.code(), seen.number(status.code()));
            }
        }
        return written;
    }

    /** Rows by status, counted in the files. */
    static Map<String, Long> statusCounts(SparkSession spark, Path rows) {
        Map<String, Long> counts = new TreeMap<>();
        spark.read()
                .schema(STATUS)
                .parquet(Globs.literal(rows.toString()))
                .groupBy("status")
                .count()
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    private static Written proven(Written written, Target target, Optional<SideFiles.Batch> batch) throws IOException {
        long rows = written.status.values().stream().mapToLong(Long::longValue).sum();
        if (rows != written.inputs) {
            throw new IllegalStateException("%s has %d rows for %d photos; this is a defect, please report it"
                    .formatted(target.folder(), rows, written.inputs));
        }
        if (batch.isPresent()) {
            batch.get().commit();
        }
        return written;
    }
}
