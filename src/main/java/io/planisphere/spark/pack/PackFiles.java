package io.planisphere.spark.pack;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.planisphere.pack.SampleKey;
import io.planisphere.pack.ShardWriter;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlannedMetadata;
import io.planisphere.spark.rows.SideFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The driver's part of {@code pack}: unique names for photos, and shard sizes for tasks. */
final class PackFiles implements SideFiles {
    /**
     * How much a task's only shard may exceed the requested size before the task begins another: sizes are estimates, and a small
     * last shard would be worse.
     */
    private static final double SINGLE = 1.5;

    /** The same factor for a task with several shards. */
    private static final double SEVERAL = 1.1;

    private static final Seq<String> BY_KEY =
            CollectionConverters.asScala(List.of(PlannedMetadata.KEY)).toSeq();

    private final Plan plan;
    private final PackRows job;
    private final Path shards;
    private final FileSystem fs;
    private final Broadcast<SerializableConfiguration> hadoop;
    private @Nullable Dataset<Row> shared;

    PackFiles(SparkSession spark, Plan plan, PackRows job) {
        this.plan = plan;
        this.job = job;
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        this.shards = new Path(job.shards());
        try {
            this.fs = shards.getFileSystem(context.hadoopConfiguration());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach " + shards + ": " + e.getMessage(), e);
        }
    }

    /** Adds the names of photos in shards: photos of the whole plan that share a name get a suffix from their uri. */
    @Override
    public Dataset<Row> prepared(Dataset<Row> references) throws IOException {
        UDF2<String, String, String> apart = SampleKey::apart;
        Column key = col(PlannedMetadata.KEY);
        return references
                .withColumn(PlannedMetadata.KEY, keyOf(job.format()))
                .join(shared(), BY_KEY, "left_outer")
                .withColumn(
                        PlannedMetadata.KEY,
                        when(col("shared"), udf(apart, DataTypes.StringType).apply(key, col(Plan.URI)))
                                .otherwise(key))
                .drop("shared");
    }

    private static Column keyOf(ShardFormat format) {
        UDF1<String, String> key = id -> SampleKey.of(id, format);
        return udf(key, DataTypes.StringType).apply(col(Plan.ID));
    }

    /** Returns the names that several photos share; computed once per run, because the plan does not change during a run. */
    private synchronized Dataset<Row> shared() throws IOException {
        if (shared == null) {
            shared = plan.chunks()
                    .select(keyOf(job.format()).as(PlannedMetadata.KEY))
                    .groupBy(PlannedMetadata.KEY)
                    .agg(count(lit(1)).as("photos"))
                    .where(col("photos").gt(1))
                    .select(col(PlannedMetadata.KEY), lit(true).as("shared"))
                    .persist(StorageLevel.MEMORY_AND_DISK());
        }
        return shared;
    }

    @Override
    public Batch begin(long operation, Dataset<Row> references) throws IOException {
        long photos = references.count();
        long bytes = photos * (PhotoLengths.mean(references, hadoop) + ShardWriter.OVERHEAD_BYTES);
        return begin(operation, bytes, Integer.MAX_VALUE);
    }

    @Override
    public Batch begin(long operation, long bytes, int mostTasks) {
        int tasks = (int) Math.max(1, Math.min(mostTasks, Math.ceil(bytes / (double) job.shardBytes())));
        return new Begun(new PackBatch(job, operation, target(bytes / tasks), hadoop), tasks);
    }

    /** Returns the target size of a task's shards: several shards of equal size, rather than full ones and a small rest. */
    private long target(long taskBytes) {
        long parts = (taskBytes + job.shardBytes() - 1) / job.shardBytes();
        return (long) (parts <= 1 ? SINGLE * job.shardBytes() : SEVERAL * taskBytes / parts);
    }

    @Override
    public void removeGarbage(Set<String> committed, Predicate<String> mayRemove) throws IOException {
        if (!fs.exists(shards)) {
            return;
        }
        for (FileStatus shard : fs.listStatus(shards)) {
            String name = shard.getPath().getName();
            if (!committed.contains(name) && mayRemove.test(name)) {
                fs.delete(shard.getPath(), false);
            }
        }
    }

    private record Begun(PackBatch rows, int tasks) implements Batch {}
}
