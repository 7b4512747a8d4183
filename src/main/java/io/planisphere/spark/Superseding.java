package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;

import io.planisphere.source.Globs;
import io.planisphere.spark.Labelling.Target;
import io.planisphere.spark.Labelling.Written;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts new rows in the place of old ones: the new ones become a batch of their own, the old ones leave their batches, so the
 * output holds one row per photo before and after.
 */
final class Superseding {
    /** Above any number that the query gives its batches. */
    static final long FIRST_BATCH = 1_000_000_000L;

    static final Seq<String> BY_URI =
            CollectionConverters.asScala(List.of(Plan.URI)).toSeq();

    private final SparkSession spark;
    private final RunDirectory directory;
    private final Rewrite rewrite;

    Superseding(SparkSession spark, RunDirectory directory) {
        this.spark = spark;
        this.directory = directory;
        rewrite = new Rewrite(directory);
    }

    /** Writes the new rows. */
    @FunctionalInterface
    interface Writing {
        /**
         * Writes the rows and counts them.
         *
         * @param superseded the rows that go, {@code uri, batch}
         * @param target where to write those that come instead, and under which number they will stand
         */
        Written write(Dataset<Row> superseded, Target target) throws IOException;
    }

    /** All rows of the output, with their batch. */
    Dataset<Row> rows() {
        return spark.read().parquet(Globs.literal(directory.output().toString()));
    }

    /**
     * Replaces rows; does nothing where there are none to replace.
     *
     * @param superseded with the columns {@code uri} and {@code batch}, each row once
     */
    void replace(Dataset<Row> superseded, Writing writing) throws IOException {
        Path list = rewrite.scratch("superseded");
        superseded.select(col("uri"), col("batch").cast("bigint")).write().parquet(list.toString());
        Dataset<Row> listed = spark.read().parquet(Globs.literal(list.toString()));
        long before = listed.count();
        if (before > 0) {
            long number = freeBatch();
            Written written = writing.write(listed, new Target(number, rewrite.added()));
            rewrite.commit(keep(listed, written, before, number));
        } else {
            rewrite.finish();
        }
    }

    /** Writes what remains of the batches that lose rows. */
    private Rewrite.Moves keep(Dataset<Row> superseded, Written written, long before, long number) throws IOException {
        Dataset<Row> rows = rows();
        Set<Long> touched = new HashSet<>(
                superseded.select("batch").distinct().as(Encoders.LONG()).collectAsList());
        rows.where(col("batch").isin(touched.toArray()))
                .join(superseded.select(Plan.URI), BY_URI, "left_anti")
                .select(rows.columns()[0], Arrays.copyOfRange(rows.columns(), 1, rows.columns().length))
                .write()
                .partitionBy("batch")
                .parquet(rewrite.kept().toString());
        return rewrite.moves(
                touched, new BatchAccount(number, 0, written.inputs() - before, 0, 0, 0, written.status()));
    }

    private long freeBatch() throws IOException {
        long number = FIRST_BATCH;
        while (directory.fileSystem().exists(directory.account(number))) {
            number++;
        }
        return number;
    }
}
