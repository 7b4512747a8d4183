package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.spark.JobRows;
import picocli.CommandLine.Option;

/** Options of every job that runs a network over photos. */
final class InferenceOptions extends PhotoOptions {
    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "photos per call of the network; default: ${DEFAULT-VALUE}",
            defaultValue = "" + JobRows.BATCH_SIZE)
    private int batchSize;

    @Option(
            names = "--reducing-gap",
            paramLabel = "G",
            description =
                    "decode large JPEGs at 1/2, 1/4 or 1/8 if G pixels, 1 to 4, remain for each that the network sees; "
                            + "fewer are faster, and further from a full decode; default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    private double reducingGap;

    @Override
    void check(Problems problems) {
        super.check(problems);
        if (!(reducingGap >= 1 && reducingGap <= ImageLimits.FAITHFUL_GAP)) {
            problems.add("--reducing-gap must be from 1 to 4, got " + reducingGap);
        }
        atLeastOne(problems, "--batch-size", batchSize);
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    ImageLimits limits() {
        ImageLimits limits = super.limits();
        return new ImageLimits(limits.maxPixels(), limits.maxBytes(), reducingGap);
    }
}
