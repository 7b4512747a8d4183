package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;

import io.planisphere.image.Status;
import io.planisphere.source.Globs;
import io.planisphere.source.Reference;
import io.planisphere.spark.Labelling.Written;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Labels the rows with some statuses again, into a new batch that supersedes them: the old rows leave their batches, so the
 * output holds one row per photo before and after.
 */
final class Retry {
    /** Above any number that the query gives its batches. */
    private static final long FIRST_BATCH = 1_000_000_000L;

    private static final Seq<String> BY_URI =
            CollectionConverters.asScala(List.of(Plan.URI)).toSeq();

    private final SparkSession spark;
    private final RunDirectory directory;
    private final Plan plan;
    private final Labelling labelling;
    private final Rewrite rewrite;

    Retry(SparkSession spark, RunDirectory directory, Plan plan, Labelling labelling) {
        this.spark = spark;
        this.directory = directory;
        this.plan = plan;
        this.labelling = labelling;
        rewrite = new Rewrite(directory);
    }

    void run(InputKind kind, Set<Status> statuses) throws IOException {
        if (!directory.hasRows()) {
            return;
        }
        Dataset<Row> rows =
                spark.read().parquet(Globs.literal(directory.output().toString()));
        Dataset<Row> wanted = rows.where(
                col("status").isin(statuses.stream().map(Status::code).toArray()));
        Path list = rewrite.scratch("superseded");
        Map<String, Shard> shards = kind == InputKind.SHARDS ? shards(wanted) : Map.of();
        superseded(rows, wanted, shards)
                .select(col("uri"), col("batch").cast("bigint"))
                .write()
                .parquet(list.toString());
        Dataset<Row> superseded = spark.read().parquet(Globs.literal(list.toString()));
        long before = superseded.count();
        if (before > 0) {
            Written written = kind == InputKind.SHARDS
                    ? labelling.shards(List.copyOf(shards.values()), fullestFirst(), rewrite.added())
                    : labelling.references(plan.chunks().join(superseded, BY_URI, "left_semi"), rewrite.added());
            rewrite.commit(keep(rows, superseded, written, before));
        } else {
            rewrite.finish();
        }
    }

    /**
     * The wanted photos by shard. A row that stands for a whole shard, because it was cut short, asks for all of it. The
     * driver holds a name per wanted photo.
     */
    private Map<String, Shard> shards(Dataset<Row> wanted) {
        Set<String> known = new HashSet<>(
                plan.chunks().select(Plan.URI).as(Encoders.STRING()).collectAsList());
        Map<String, Shard> shards = new HashMap<>();
        for (Row row : wanted.select("id", "uri").collectAsList()) {
            Reference photo = new Reference(row.getString(0), row.getString(1));
            String shard = shardOf(photo.uri(), known);
            boolean all = photo.uri().equals(shard);
            shards.merge(shard, new Shard(shard, all ? List.of() : List.of(photo)), Retry::both);
        }
        return shards;
    }

    private static Shard both(Shard one, Shard other) {
        if (one.only().isEmpty() || other.only().isEmpty()) {
            return new Shard(one.uri(), List.of());
        }
        List<Reference> photos = new ArrayList<>(one.only());
        photos.addAll(other.only());
        return new Shard(one.uri(), photos);
    }

    /** A photo's uri is that of its shard, a #, and its name there; either may have more of them. */
    private static String shardOf(String uri, Set<String> shards) {
        int end = uri.length();
        while (end > 0 && !shards.contains(uri.substring(0, end))) {
            end = uri.lastIndexOf('#', end - 1);
        }
        if (end <= 0) {
            throw new IllegalStateException("The plan has no shard for " + uri);
        }
        return uri.substring(0, end);
    }

    private static Dataset<Row> superseded(Dataset<Row> rows, Dataset<Row> wanted, Map<String, Shard> shards) {
        Dataset<Row> superseded = wanted;
        for (Shard shard : shards.values()) {
            if (shard.only().isEmpty()) {
                superseded = superseded.union(rows.where(col("uri").startsWith(shard.uri() + "#")));
            }
        }
        return superseded.dropDuplicates("uri");
    }

    /** Writes what remains of the batches that lose rows. */
    private Rewrite.Moves keep(Dataset<Row> rows, Dataset<Row> superseded, Written written, long before)
            throws IOException {
        Set<Long> touched = new HashSet<>(
                superseded.select("batch").distinct().as(Encoders.LONG()).collectAsList());
        rows.where(col("batch").isin(touched.toArray()))
                .join(superseded.select(Plan.URI), BY_URI, "left_anti")
                .select(rows.columns()[0], Arrays.copyOfRange(rows.columns(), 1, rows.columns().length))
                .write()
                .partitionBy("batch")
                .parquet(rewrite.kept().toString());
        long number = FIRST_BATCH;
        while (directory.fileSystem().exists(directory.account(number))) {
            number++;
        }
        return rewrite.moves(touched, new BatchAccount(number, 0, written.inputs() - before, 0, 0, written.status()));
    }

    private static Comparator<Shard> fullestFirst() {
        return Comparator.comparing((Shard shard) -> shard.only().size()).reversed();
    }
}
