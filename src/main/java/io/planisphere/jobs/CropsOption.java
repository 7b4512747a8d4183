package io.planisphere.jobs;

import io.planisphere.image.Crop;
import io.planisphere.model.ModelPackage;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The option for the number of crops per photo. */
final class CropsOption {
    @Option(
            names = "--crops",
            paramLabel = "N",
            description = "Crops per photo whose predictions are averaged: 1 (centre), 5 (centre and corners) or 10 "
                    + "(these and their mirror images). Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int crops;

    void check(Problems problems) {
        if (!Crop.COUNTS.contains(crops)) {
            problems.add("--crops must be one of " + Crop.COUNTS + ", got " + crops);
        }
    }

    /** Fails if all crops would be identical because the photo is resized to exactly the crop. */
    void refuseIfAllAreTheSame(ModelPackage model) {
        if (crops > 1 && !model.preprocessing().hasMargin()) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "--crops %d needs photos that are larger than the crop, and %s resizes them to it; leave it out",
                    crops,
                    model.location()));
        }
    }

    int count() {
        return crops;
    }
}
