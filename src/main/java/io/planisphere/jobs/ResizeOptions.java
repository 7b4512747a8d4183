package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import picocli.CommandLine.Option;

/** Options of how a photo becomes the few pixels that a network sees. */
final class ResizeOptions {
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

    void check(Problems problems) {
        if (!(reducingGap >= 1 && reducingGap <= ImageLimits.FAITHFUL_GAP)) {
            problems.add("--reducing-gap must be from 1 to 4, got " + reducingGap);
        }
    }

    /** Other limits, with what these options say. */
    ImageLimits in(ImageLimits limits) {
        return new ImageLimits(limits.maxPixels(), limits.maxBytes(), reducingGap, resizing);
    }
}
