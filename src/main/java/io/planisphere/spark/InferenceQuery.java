package io.planisphere.spark;

import io.planisphere.spark.Labelling.Target;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.file.Lease;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Labels what is planned and not labelled yet, as one Structured Streaming query over the plan's files. Spark's checkpoint
 * says which of them are done; a batch that a crash cut short runs again under its old number and overwrites its rows, and
 * carefully, since one of its photos may have been the cause. So resume, each row once, and "only what is new" are the engine's.
 */
final class InferenceQuery {
    private final SparkSession spark;
    private final RunDirectory directory;
    private final Plan plan;
    private final Labelling labelling;
    private final Lease lease;
    private final LongConsumer begins;

    /**
     * @param lease of the directory; no batch begins, and none counts as done, without it
     * @param begins is told each batch's number
     */
    InferenceQuery(
            SparkSession spark,
            RunDirectory directory,
            Plan plan,
            Labelling labelling,
            Lease lease,
            LongConsumer begins) {
        this.begins = begins;
        this.spark = spark;
        this.plan = plan;
        this.directory = directory;
        this.labelling = labelling;
        this.lease = lease;
    }

    /**
     * Returns when everything planned has its rows.
     *
     * @param filesPerBatch of the plan
     */
    void run(InputKind kind, int filesPerBatch) {
        try {
            StreamingQuery query = spark.readStream()
                    .schema(Plan.SCHEMA)
                    .option("maxFilesPerTrigger", filesPerBatch)
                    // Else files much older than the newest are passed over without a word.
                    .option("maxFileAge", "36500d")
                    .parquet(plan.chunkGlob())
                    .writeStream()
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", directory.checkpoint().toString())
                    .foreachBatch((Dataset<Row> planned, Long batch) -> label(kind, planned, batch))
                    .start();
            query.awaitTermination();
        } catch (StreamingQueryException | TimeoutException e) {
            throw new IllegalStateException("The query over the plan of " + directory.output() + " failed", e);
        }
    }

    private void label(InputKind kind, Dataset<Row> planned, long batch) {
        try {
            requireLease();
            begins.accept(batch);
            // a photo may have ended the process, driver and all, as it does on local[*]
            Labelling how = directory.begin(batch) ? labelling.carefully() : labelling;
            BatchAccount account = account(kind, planned, batch, how);
            requireLease();
            directory.write(directory.account(batch), account);
            directory.end(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireLease() throws IOException {
        if (!lease.isHeld()) {
            throw new RunFailure(
                    "Output " + directory.output() + " was taken over by another start, since this one showed"
                            + " no life for a minute; let that one end, it does all of the work");
        }
    }

    private BatchAccount account(InputKind kind, Dataset<Row> planned, long batch, Labelling how) throws IOException {
        Target target = new Target(batch, directory.batch(batch));
        if (kind == InputKind.REFERENCES) {
            Labelling.Written written = how.references(planned, target);
            return new BatchAccount(batch, 0, written.inputs(), 0, 0, 0, written.status());
        }
        List<Shard> shards = PlannedShards.of(planned);
        Labelling.Written written =
                how.shards(shards, Comparator.comparing(Shard::bytes).reversed(), target);
        return new BatchAccount(
                batch,
                shards.size(),
                written.inputs(),
                shards.stream().mapToLong(Shard::bytes).sum(),
                written.videosSkipped(),
                written.replacedShards(),
                written.status());
    }
}
