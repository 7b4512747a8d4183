package io.planisphere.spark.run;

import static org.apache.spark.sql.functions.lit;

import io.planisphere.spark.commit.BatchAccount;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.commit.WrittenFile;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.PlannedShards;
import io.planisphere.spark.task.ShardRows.Shard;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels planned work, batch by batch.
 *
 * @param isolatesInterrupted whether photos of an interrupted batch are first decoded in a separate process
 */
record PlannedWork(Plan plan, InputKind kind, Labelling labelling, boolean isolatesInterrupted)
        implements LabelLoop.Labeller {
    /**
     * Session setting for it. On a local master a photo that crashes a decoder kills the driver, which looks like any other
     * interruption.
     */
    static final String ISOLATE_INTERRUPTED = "spark.planisphere.isolateInterruptedBatches";

    @Override
    public CommittedBatch label(Begun work, RowFiles target, boolean isIsolated) throws IOException {
        long batch = work.batches().get(0);
        Labelling how = isIsolated && isolatesInterrupted ? labelling.withIsolatedDecoding() : labelling;
        if (kind == InputKind.REFERENCES) {
            Dataset<Row> references = plan.references(work.from(), work.to()).withColumn(Output.BATCH, lit(batch));
            return labelled(batch, List.of(), how.references(references, target));
        }
        List<Shard> shards = PlannedShards.ofBatch(batch, plan.shards(work.from(), work.to()));
        Comparator<Shard> largestFirst = Comparator.comparing(Shard::bytes).reversed();
        return labelled(batch, shards, how.shards(shards, largestFirst, target));
    }

    private static CommittedBatch labelled(long batch, List<Shard> shards, Labelling.Written written) {
        BatchAccount account = new BatchAccount(
                batch,
                shards.size(),
                written.inputs(),
                shards.stream().mapToLong(Shard::bytes).sum(),
                written.videosSkipped(),
                written.replacedShards(),
                written.status());
        return new CommittedBatch(
                account,
                written.files().stream().map(WrittenFile::name).toList(),
                written.sideFiles().getOrDefault(batch, List.of()));
    }
}
