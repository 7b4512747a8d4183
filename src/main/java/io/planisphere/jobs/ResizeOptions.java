package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import picocli.CommandLine.Option;

/** Options for resizing photos to the network's input size. */
final class ResizeOptions {
    @Option(
            names = "--reducing-gap",
            paramLabel = "G",
            description = "Decode large JPEGs at 1/2, 1/4 or 1/8 if at least G pixels, 1 to 4, remain per pixel of the "
                    + "network's input and axis. Smaller is faster and less exact. Default: ${DEFAULT-VALUE}.",
            defaultValue = "4")
    private double reducingGap;

    @Option(
            names = "--resize",
            paramLabel = "exact|fast",
            description = "Resize whole photos exactly as Pillow does (exact), or from fewer pixels in half the time, "
                    + "with other predictions for some photos (fast; docs/performance.md). Faces are always "
                    + "resized exactly. Default: ${DEFAULT-VALUE}.",
            defaultValue = "exact")
    private Resizing resizing = Resizing.EXACT;

    void check(Problems problems) {
        if (!(reducingGap >= 1 && reducingGap <= ImageLimits.FAITHFUL_GAP)) {
            problems.add("--reducing-gap must be from 1 to 4, got " + reducingGap);
        }
    }

    /** Returns the limits with these options applied. */
    ImageLimits in(ImageLimits limits) {
        return new ImageLimits(limits.maxPixels(), limits.maxBytes(), reducingGap, resizing);
    }
}
