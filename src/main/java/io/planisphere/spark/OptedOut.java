package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.Labelling.Target;
import io.planisphere.spark.Labelling.Written;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Rows that were written before their photo or its user came on the opt-out list: empties them. The photos themselves are not
 * read again. Whose photos they are, the plan knows of references; of shards, the sidecars in them are read once more.
 */
final class OptedOut {
    /** Few enough that starting them costs nothing; a task reads its shards one after the other. */
    private static final int SHARD_TASKS = 10_000;

    private final SparkSession spark;
    private final Superseding superseding;
    private final Plan plan;
    private final Broadcast<OptOut> list;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final PrintStream said;

    OptedOut(
            SparkSession spark,
            Superseding superseding,
            Plan plan,
            Broadcast<OptOut> list,
            Broadcast<SerializableConfiguration> hadoop,
            PrintStream said) {
        this.spark = spark;
        this.superseding = superseding;
        this.plan = plan;
        this.list = list;
        this.hadoop = hadoop;
        this.said = said;
    }

    /** Empties the rows of all listed photos and users. */
    void rewrite(InputKind kind) throws IOException {
        Dataset<Row> rows = superseding.rows();
        Dataset<Row> labelled =
                rows.where(col("status").notEqual(Status.OPTED_OUT.code())).select("id", "uri", "batch");
        LongAccumulator gone = spark.sparkContext().longAccumulator("planisphere shards gone");
        Dataset<Row> users = kind == InputKind.SHARDS ? inShards(gone) : inPlan();
        Dataset<Row> superseded = labelled.filter(new ListedId(list, kind))
                .union(labelled.join(users, Superseding.BY_URI, "left_semi").select("id", "uri", "batch"))
                .dropDuplicates("uri");
        superseding.replace(superseded, (listed, target) -> empty(rows, listed, target));
        if (gone.value() > 0) {
            said.printf(
                    Locale.ROOT,
                    "%,d shards are no longer there; their rows were held against the opt-out list by id, not by user%n",
                    gone.value());
        }
    }

    private Dataset<Row> inPlan() {
        return plan.chunks().filter(new ListedUser(list)).select(Plan.URI);
    }

    private Dataset<Row> inShards(LongAccumulator gone) {
        List<ShardSource> shards =
                PlannedShards.of(plan.chunks()).stream().map(Shard::source).toList();
        JavaRDD<String> uris = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(shards, Math.max(1, Math.min(shards.size(), SHARD_TASKS)))
                .flatMap(new ListedInShard(list, hadoop, gone));
        return spark.createDataset(uris.rdd(), Encoders.STRING()).toDF(Plan.URI);
    }

    private static Written empty(Dataset<Row> rows, Dataset<Row> listed, Target target) {
        Map<String, Column> known = Map.of(
                "id", col("id"),
                "uri", col("uri"),
                "status", lit(Status.OPTED_OUT.code()),
                "detail", lit(OptOut.DETAIL));
        Column[] emptied = Arrays.stream(rows.drop("batch").schema().fields())
                .map(column -> emptied(column, known))
                .toArray(Column[]::new);
        rows.join(listed.select(Plan.URI), Superseding.BY_URI, "left_semi")
                .select(emptied)
                .write()
                .parquet(target.folder().toString());
        long count = listed.count();
        return new Written(count, 0, 0, Map.of(Status.OPTED_OUT.code(), count));
    }

    private static Column emptied(StructField column, Map<String, Column> known) {
        return known.getOrDefault(column.name(), lit(null).cast(column.dataType()))
                .as(column.name());
    }

    /** A photo of a tar is listed by its sample's key, too: its id up to the first dot of the base name. */
    private record ListedId(Broadcast<OptOut> list, InputKind kind) implements FilterFunction<Row> {
        @Override
        public boolean call(Row row) {
            String id = row.getString(0);
            return kind == InputKind.SHARDS
                    ? list.value().holdsPhotoOfShard(id)
                    : list.value().holds(id);
        }
    }

    private record ListedUser(Broadcast<OptOut> list) implements FilterFunction<Row> {
        @Override
        public boolean call(Row reference) {
            return list.value().holds(reference.getAs(Plan.USER));
        }
    }

    /** From a shard to the uris of its opted-out photos. */
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
