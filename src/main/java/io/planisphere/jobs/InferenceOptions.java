package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.task.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every job that runs a network over photos. */
final class InferenceOptions extends PhotoOptions {
    /** Default batch size on a CPU; larger ones are slower because they exceed its caches. */
    private static final int CPU_BATCH = JobRows.BATCH_SIZE;
    /** Default batch size on a GPU; with networks this small, smaller ones leave most of it idle. */
    private static final int GPU_BATCH = 64;

    @Option(
            names = "--device",
            paramLabel = "cpu|gpu",
            description = "Device that networks run on: cpu, or gpu as Spark assigns them to tasks (docs/gpu.md). "
                    + "Default: cpu.",
            defaultValue = "cpu")
    private Device device = Device.CPU;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Photos per call of the network. Default: " + CPU_BATCH + ", on a GPU " + GPU_BATCH + ".")
    private @Nullable Integer batchSize;

    @Mixin
    private ResizeOptions resize = new ResizeOptions();

    @Override
    void check(Problems problems) {
        super.check(problems);
        atLeastOne(problems, "--batch-size", batchSize());
        resize.check(problems);
    }

    @Override
    Device device() {
        return device;
    }

    @Override
    int batchSize() {
        return batchSize != null ? batchSize : device == Device.GPU ? GPU_BATCH : CPU_BATCH;
    }

    @Override
    ImageLimits limits() {
        return resize.in(super.limits());
    }
}
