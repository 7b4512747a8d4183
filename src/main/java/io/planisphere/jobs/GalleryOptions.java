package io.planisphere.jobs;

import io.planisphere.spark.train.GalleryBuild;
import io.planisphere.spark.train.Split;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** Options for the gallery of a trained package. */
final class GalleryOptions {
    @Option(
            names = "--gallery",
            description = "Store the training photos' embeddings and places in the package, so that locate compares "
                    + "photos with them. Only if that helps on held-out users. Default: no gallery.")
    private boolean gallery;

    @Option(
            names = "--gallery-photos",
            paramLabel = "N",
            description = "Maximum photos in the gallery, drawn alike from all cells. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000000")
    private int mostPhotos;

    @Option(
            names = "--gallery-names",
            description = "Also store the ids of the gallery's photos, which rows then name. Default: no ids.")
    private boolean names;

    /** Checks the values and adds errors to {@code problems}. */
    void check(boolean isLabels, Optional<Split> split, Problems problems) {
        InferenceOptions.atLeastOne(problems, "--gallery-photos", mostPhotos);
        if (gallery && isLabels) {
            problems.add("--gallery is for cells, within which it finds places; leave it out with --labels");
        }
        if (gallery && split.isPresent() && split.get().validation() == 0) {
            problems.add("--gallery needs held-out users, on whom its use is fitted; give --validation above 0");
        }
        if (names && !gallery) {
            problems.add("--gallery-names needs --gallery");
        }
    }

    Optional<GalleryBuild> build(Path folder, Configuration hadoop, String backbone) {
        return gallery ? Optional.of(new GalleryBuild(folder, hadoop, backbone, mostPhotos, names)) : Optional.empty();
    }
}
