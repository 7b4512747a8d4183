package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import io.planisphere.spark.Device;
import io.planisphere.spark.JobRows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every job that runs a network over photos. */
final class InferenceOptions extends PhotoOptions {
    /** More is slower on a CPU, whose caches it leaves. */
    private static final int CPU_BATCH = JobRows.BATCH_SIZE;
    /** Fewer leave most of a GPU idle with networks as small as these. */
    private static final int GPU_BATCH = 64;

    @Option(
            names = "--device",
            paramLabel = "cpu|gpu",
            description = "what networks run on, gpu as Spark assigns them to tasks (docs/gpu.md); default: cpu",
            defaultValue = "cpu")
    private Device device = Device.CPU;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "photos per call of the network; default: " + CPU_BATCH + ", on a GPU " + GPU_BATCH)
    private @Nullable Integer batchSize;

    @Option(
            names = "--reducing-gap",
            paramLabel = "G",
            description =
                    "decode large JPEGs at 1/2, 1/4 or 1/8 if G pixels, 1 to 4, remain for each that the network sees; "
                            + "fewer are faster, and further from a full decode; default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    private double reducingGap;

    @Option(
            names = "--resize",
            paramLabel = "exact|fast",
            description =
                    "how whole photos are resized: exact, as Pillow does, or fast, from fewer pixels, in half the time and with other "
                            + "answers for some photos (docs/performance.md), but not in faces; default: ${DEFAULT-VALUE}",
            defaultValue = "exact")
    private Resizing resizing = Resizing.EXACT;

    @Override
    void check(Problems problems) {
        super.check(problems);
        atLeastOne(problems, "--batch-size", batchSize());
        if (!(reducingGap >= 1 && reducingGap <= ImageLimits.FAITHFUL_GAP)) {
            problems.add("--reducing-gap must be from 1 to 4, got " + reducingGap);
        }
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
        ImageLimits limits = super.limits();
        return new ImageLimits(limits.maxPixels(), limits.maxBytes(), reducingGap, resizing);
    }
}
