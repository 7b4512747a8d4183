package io.planisphere.spark.task;

import io.planisphere.infer.Cuda;
import io.planisphere.infer.EngineFailure;
import io.planisphere.infer.Processor;
import io.planisphere.source.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The value of {@code --device}. Spark's resource scheduling decides which GPU a task gets. */
public enum Device {
    CPU,
    GPU;

    private static final String RESOURCE = "gpu";
    private static final String AMOUNT = "spark.task.resource." + RESOURCE + ".amount";

    /** Returns the value as written on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Fails on the driver if no task could use this device. What can only be checked on a worker fails in its tasks.
     *
     * @throws InputException if this Spark assigns no GPUs to tasks, or this jar cannot use them; the message lists everything to
     *     fix
     */
    public void require(SparkContext spark) {
        if (this == CPU) {
            return;
        }
        List<String> problems = new ArrayList<>();
        if (spark.isLocal()) {
            problems.add(
                    "Master " + spark.master() + " assigns no GPUs to tasks; give -- --master that of a cluster, or"
                            + " on one machine local-cluster[1,CORES,MEGABYTES]");
        }
        if (spark.conf().getDouble(AMOUNT, 0) <= 0) {
            problems.add(noneAssigned());
        }
        Cuda.missing().ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new InputException("--device gpu is not available here:\n" + String.join("\n", problems)
                    + "\ndocs/gpu.md has whole command lines");
        }
    }

    /**
     * Returns the processor that the running task may use.
     *
     * @throws EngineFailure if it should have a GPU and has none
     */
    Processor processor(TaskContext task) {
        if (this == CPU) {
            return new Processor.Cpu(task.cpus());
        }
        ResourceInformation assigned = task.resourcesJMap().get(RESOURCE);
        if (assigned == null || assigned.addresses().length == 0) {
            throw new EngineFailure(noneAssigned());
        }
        String address = assigned.addresses()[0];
        try {
            return new Processor.Gpu(Integer.parseInt(address.strip()));
        } catch (IllegalArgumentException e) {
            throw new EngineFailure(
                    "GPU '%s' cannot be used: its address is no number of CUDA's; let the discovery script print 0, 1, ..."
                            .formatted(address),
                    e);
        }
    }

    private static String noneAssigned() {
        return "Spark assigns no GPU to tasks; give -- --conf spark.executor.resource.gpu.amount=1 --conf " + AMOUNT
                + "=1, and where the cluster manager does not say which GPUs there are, --conf"
                + " spark.executor.resource.gpu.discoveryScript=SCRIPT";
    }
}
