package io.planisphere.spark.pack;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.planisphere.pack.ShardCheck;
import io.planisphere.pack.ShardCheck.Findings;
import io.planisphere.source.ShardSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/** Verifies shards by reading them completely, one task per shard. */
public final class ShardVerification {
    private static final StructType SCHEMA =
            StructType.fromDDL("shard string, key string, problem string, photos bigint");

    private ShardVerification() {}

    /**
     * The result of the verification.
     *
     * @param problems problems, one line each; only the first ones if there are too many
     * @param problemCount number of all problems
     */
    public record Outcome(long shards, long photos, List<String> problems, long problemCount) {}

    /**
     * Verifies all shards.
     *
     * @param most maximum number of problems to return
     */
    public static Outcome of(SparkSession spark, List<ShardSource> shards, int most) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        JavaRDD<Row> rows =
                context.parallelize(shards, Math.max(1, shards.size())).flatMap(new Check(hadoop));
        Dataset<Row> found =
                spark.createDataset(rows.rdd(), Encoders.row(SCHEMA)).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Dataset<Row> problems = found.where(col("problem").isNotNull())
                    .select("shard", "problem")
                    .union(acrossShards(found));
            long count = problems.count();
            List<String> lines = problems.orderBy("shard", "problem").limit(most).collectAsList().stream()
                    .map(row -> row.getString(0) + ": " + row.getString(1))
                    .toList();
            Row photos = found.agg(sum("photos")).first();
            return new Outcome(shards.size(), photos.isNullAt(0) ? 0 : photos.getLong(0), lines, count);
        } finally {
            found.unpersist();
        }
    }

    /** Returns the keys that occur in several shards. */
    private static Dataset<Row> acrossShards(Dataset<Row> found) {
        Column text = concat(
                lit("duplicate key: "),
                col("key"),
                lit(" stands in "),
                col("shards"),
                lit(" shards, the last of them "),
                col("last"));
        return found.where(col("key").isNotNull())
                .groupBy("key")
                .agg(
                        min("shard").as("shard"),
                        max("shard").as("last"),
                        count(lit(1)).as("shards"))
                .where(col("shards").gt(1))
                .select(col("shard"), text.as("problem"));
    }

    private record Check(Broadcast<SerializableConfiguration> hadoop) implements FlatMapFunction<ShardSource, Row> {
        @Override
        public Iterator<Row> call(ShardSource shard) throws IOException {
            List<Row> rows = new ArrayList<>();
            try {
                Findings findings = ShardCheck.of(shard, hadoop.value().value());
                rows.add(RowFactory.create(shard.uri(), null, null, findings.photos()));
                findings.keys().forEach(key -> rows.add(RowFactory.create(shard.uri(), key, null, 0L)));
                findings.problems().forEach(line -> rows.add(RowFactory.create(shard.uri(), null, line, 0L)));
            } catch (FileNotFoundException e) {
                rows.add(RowFactory.create(shard.uri(), null, "the shard is no longer there", 0L));
            }
            return rows.iterator();
        }
    }
}
