package io.planisphere.jobs;

import io.planisphere.image.Crop;
import io.planisphere.model.ModelPackage;
import picocli.CommandLine.Option;

/** How many windows of each photo the network sees. */
final class CropsOption {
    @Option(
            names = "--crops",
            paramLabel = "N",
            description =
                    "1: the centre; 5: and the corners, averaged; 10: and all of them mirrored; default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private int crops;

    void check(Problems problems) {
        if (!Crop.COUNTS.contains(crops)) {
            problems.add("--crops must be one of " + Crop.COUNTS + ", got " + crops);
        }
    }

    /** Several crops of a photo that is resized to the crop would be one crop, several times. */
    void refuseIfAllAreTheSame(ModelPackage model) {
        if (crops > 1 && !model.preprocessing().hasMargin()) {
            throw new UserError(
                    "--crops %d needs photos that are larger than the crop, and %s resizes them to it; leave it out"
                            .formatted(crops, model.location()));
        }
    }

    int count() {
        return crops;
    }
}
