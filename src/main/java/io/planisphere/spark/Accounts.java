package io.planisphere.spark;

import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlanTotal;
import io.planisphere.spark.progress.Work;
import java.io.IOException;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The accounts of all batches together, held against the plan and against the rows. */
record Accounts(RunDirectory directory, Plan plan) {
    /** What is planned and not done yet. */
    Work toDo(InputKind kind) throws IOException {
        PlanTotal total = plan.total();
        return kind == InputKind.REFERENCES
                ? new Work(total.planned() - sum(BatchAccount::inputs), 0, 0)
                : new Work(0, total.bytes() - sum(BatchAccount::bytes), total.planned() - sum(BatchAccount::shards));
    }

    /** Videos among the photos, in all starts. */
    long videosSkipped() throws IOException {
        return plan.total().videosSkipped() + sum(BatchAccount::videosSkipped);
    }

    long replacedShards() throws IOException {
        return sum(BatchAccount::replacedShards);
    }

    /** Inputs are counted where they are read, rows in the files: they must agree. */
    void proveRows(Map<String, Long> status) throws IOException {
        long inputs = sum(BatchAccount::inputs);
        long rows = status.values().stream().mapToLong(Long::longValue).sum();
        if (rows != inputs) {
            throw new IllegalStateException(
                    "Output %s has %d rows for %d photos".formatted(directory.output(), rows, inputs));
        }
    }

    void proveNothingLeft(InputKind kind) throws IOException {
        long planned = plan.total().planned();
        long done = sum(kind == InputKind.SHARDS ? BatchAccount::shards : BatchAccount::inputs);
        if (done != planned) {
            throw new IllegalStateException(
                    "Output %s has done %d of %d planned %s".formatted(directory.output(), done, planned, kind.code()));
        }
    }

    private long sum(ToLongFunction<BatchAccount> number) throws IOException {
        return directory.accounts().stream().mapToLong(number).sum();
    }
}
