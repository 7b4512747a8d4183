package io.planisphere.spark.run;

import io.planisphere.spark.commit.BatchAccount;
import io.planisphere.spark.commit.LogState;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlanTotal;
import io.planisphere.spark.progress.Work;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The accounts of all committed batches added up, for comparison with the plan and with the rows.
 *
 * @param name name of the output, for messages
 */
record Accounts(String name, LogState state, Plan plan) {
    /** Returns the planned work that is not done yet. */
    Work toDo(InputKind kind) throws IOException {
        PlanTotal total = plan.total();
        return kind == InputKind.REFERENCES
                ? new Work(total.planned() - sum(BatchAccount::inputs), 0, 0)
                : new Work(0, total.bytes() - sum(BatchAccount::bytes), total.planned() - sum(BatchAccount::shards));
    }

    /** Returns the number of videos among the photos, over all runs. */
    long videosSkipped() throws IOException {
        return plan.total().videosSkipped() + sum(BatchAccount::videosSkipped);
    }

    long replacedShards() {
        return sum(BatchAccount::replacedShards);
    }

    /** Checks that the output has one row per input. Inputs are counted where they are read, rows in the output. */
    void proveRows(Map<String, Long> status) {
        long inputs = sum(BatchAccount::inputs);
        long rows = status.values().stream().mapToLong(Long::longValue).sum();
        if (rows != inputs) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "Output %s has %d rows for %d photos", name, rows, inputs));
        }
    }

    boolean isAnythingLeft(InputKind kind) throws IOException {
        return done(kind) < plan.total().planned();
    }

    private long done(InputKind kind) {
        return sum(kind == InputKind.SHARDS ? BatchAccount::shards : BatchAccount::inputs);
    }

    void proveNothingLeft(InputKind kind) throws IOException {
        long planned = plan.total().planned();
        long done = done(kind);
        if (done != planned) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT, "Output %s has done %d of %d planned %s", name, done, planned, kind.code()));
        }
    }

    private long sum(ToLongFunction<BatchAccount> number) {
        return state.batches().stream()
                .mapToLong(batch -> number.applyAsLong(batch.account()))
                .sum();
    }
}
