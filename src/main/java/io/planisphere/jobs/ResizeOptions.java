package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for resizing photos to the network's input size. */
final class ResizeOptions {
    @Option(
            names = "--reducing-gap",
            paramLabel = "G",
            description = "Decode large JPEGs at 1/2, 1/4 or 1/8 if at least G pixels, 1 to 4, remain per pixel of the "
                    + "network's input and axis. Smaller is faster and less exact. Default: 4, with --resize fast 1.")
    private Optional<Double> reducingGap = Optional.empty();

    @Option(
            names = "--resize",
            paramLabel = "exact|fast",
            description =
                    "Resize whole photos exactly as Pillow does (exact), or from fewer pixels in a fraction of the "
                            + "time, with other predictions for some photos (fast; docs/performance.md). Faces are always "
                            + "resized exactly. Default: ${DEFAULT-VALUE}.",
            defaultValue = "exact")
    private Resizing resizing = Resizing.EXACT;

    void check(Problems problems) {
        double gap = reducingGap();
        if (!(gap >= 1 && gap <= Resizing.EXACT.reducingGap())) {
            problems.add("--reducing-gap must be from 1 to 4, got " + gap);
        }
    }

    double reducingGap() {
        return reducingGap.orElse(resizing.reducingGap());
    }

    Resizing resizing() {
        return resizing;
    }

    /** Returns the limits with these options applied. */
    ImageLimits in(ImageLimits limits) {
        return new ImageLimits(limits.maxPixels(), limits.maxBytes(), reducingGap(), resizing);
    }
}
