package io.planisphere.jobs;

import io.planisphere.geo.Partition;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.source.GivenPath;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** The option for cells, given as a cell list or as a package. */
final class CellsOption {
    private CellsOption() {}

    /**
     * Returns the partition of a cell list, or the finest partition of a package.
     *
     * @param given a file whose name ends in {@code .csv}, or a package
     * @throws IllegalArgumentException if there is none, or it is invalid
     */
    static Partition read(String given, Configuration hadoop) throws IOException {
        if (!given.toLowerCase(Locale.ROOT).endsWith(".csv")) {
            try {
                Partition finest = new GeolocationModel(ModelPackage.open(given, hadoop))
                        .hierarchy()
                        .finest();
                if (finest.isOfPlaces()) {
                    throw new IllegalArgumentException(
                            "Cannot read cells from " + given
                                    + ": its classes are places, which have no area; give a list of cells, or leave --cells out");
                }
                return finest;
            } catch (ModelPackageException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        GivenPath list = GivenPath.of("--cells", given, hadoop);
        if (!list.exists()) {
            throw new IllegalArgumentException("Cannot read cells from " + given + ": there is no such file");
        }
        try (Reader reader = new InputStreamReader(list.open(), StandardCharsets.UTF_8)) {
            return Partition.read(given, reader);
        }
    }
}
