package io.planisphere.spark.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.PlannedShards;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Empties rows whose photo or user was added to the opt-out list after they were written. Photos are not read again. For
 * references, the plan has the user of each photo; for shards, the sidecars in them are read once more.
 */
record OptedOut(
        SparkSession spark,
        Output output,
        Plan plan,
        Broadcast<OptOut> list,
        Broadcast<SerializableConfiguration> hadoop,
        PrintWriter messages) {
    /** Maximum number of tasks over shards, so that task start-up is negligible; a task reads its shards one after the other. */
    private static final int SHARD_TASKS = 10_000;

    /** Empties the rows of all listed photos and users; the batches with these rows are replaced together. */
    void empty(InputKind kind) throws IOException {
        Dataset<Row> rows = output.rows();
        LongAccumulator gone = spark.sparkContext().longAccumulator("planisphere shards gone");
        Dataset<Row> listed = listed(rows, kind == InputKind.SHARDS ? inShards(gone) : inPlan(), list, kind)
                .persist(StorageLevel.MEMORY_AND_DISK()); // computing it reads the sidecars of shards
        try {
            List<Long> batches =
                    listed.select("batch").distinct().as(Encoders.LONG()).collectAsList();
            if (!batches.isEmpty()) {
                long operation = output.begin(new Begun(Kind.OPT_OUT, batches, 0, 0, ""));
                Dataset<Row> touched = rows.where(col("batch").isInCollection(batches));
                output.replace(
                        operation, batches, output.write(operation, emptied(touched, listed.select("uri"))), Map.of());
            }
        } finally {
            listed.unpersist();
        }
        if (gone.value() > 0) {
            messages.printf(
                    Locale.ROOT,
                    "%,d shards are no longer there; their rows were held against the opt-out list by id, not by user%n",
                    gone.value());
        }
    }

    /**
     * Returns uri and batch of the rows to empty: those whose id is on the list, and those of listed users.
     *
     * @param ofUsers uris of the photos whose user, or shard's sidecar, is on the list
     */
    static Dataset<Row> listed(Dataset<Row> rows, Dataset<Row> ofUsers, Broadcast<OptOut> list, InputKind kind) {
        Dataset<Row> labelled =
                rows.where(col("status").notEqual(Status.OPTED_OUT.code())).select("id", "uri", "batch");
        // a photo of a tar also counts as listed if the list has its sample's key: its id up to the first dot of the
        // base name
        FilterFunction<Row> isListed = kind == InputKind.SHARDS
                ? row -> list.value().holdsPhotoOfShard(row.getString(0))
                : row -> list.value().holds(row.getString(0));
        return labelled.filter(isListed)
                .union(labelled.join(ofUsers, Plan.BY_URI, "left_semi").select("id", "uri", "batch"))
                .select("uri", "batch")
                .distinct();
    }

    private Dataset<Row> inPlan() throws IOException {
        Broadcast<OptOut> listed = list; // otherwise the function would serialise this object
        return plan.chunks()
                .filter((FilterFunction<Row>) reference -> listed.value().holds(reference.getAs(Plan.USER)))
                .select(Plan.URI);
    }

    private Dataset<Row> inShards(LongAccumulator gone) throws IOException {
        List<ShardSource> shards = PlannedShards.of(plan.chunks());
        JavaRDD<String> uris = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(shards, Math.max(1, Math.min(shards.size(), SHARD_TASKS)))
                .flatMap(new ListedInShard(list, hadoop, gone));
        return spark.createDataset(uris.rdd(), Encoders.STRING()).toDF(Plan.URI);
    }

    /** Returns the rows; those with a listed {@code uri} keep id, uri and batch, and nothing else of what they were. */
    static Dataset<Row> emptied(Dataset<Row> rows, Dataset<Row> listed) {
        Map<String, Column> known = Map.of(
                "id", col("id"),
                "uri", col("uri"),
                "batch", col("batch"),
                "status", lit(Status.OPTED_OUT.code()),
                "detail", lit(OptOut.DETAIL));
        String isListed = "is_listed";
        Column[] columns = Arrays.stream(rows.schema().fields())
                .map(field -> when(
                                col(isListed).isNotNull(),
                                known.getOrDefault(field.name(), lit(null).cast(field.dataType())))
                        .otherwise(col(field.name()))
                        .as(field.name()))
                .toArray(Column[]::new);
        return rows.join(listed.withColumn(isListed, lit(true)), Plan.BY_URI, "left_outer")
                .select(columns);
    }

    /** Maps a shard to the uris of its opted-out photos. */
    private record ListedInShard(
            Broadcast<OptOut> list, Broadcast<SerializableConfiguration> hadoop, LongAccumulator gone)
            implements FlatMapFunction<ShardSource, String>, Serializable {
        @Override
        public Iterator<String> call(ShardSource shard) throws IOException {
            List<String> uris = new ArrayList<>();
            try (ShardReader photos = shard.open(
                    Long.MAX_VALUE,
                    Content.SIDECARS,
                    list.value(),
                    hadoop.value().value())) {
                while (photos.hasNext()) {
                    if (photos.next() instanceof EncodedImage.Rejected no && no.why() == Status.OPTED_OUT) {
                        uris.add(no.uri());
                    }
                }
            } catch (FileNotFoundException e) {
                gone.add(1);
            }
            return uris.iterator();
        }
    }
}
