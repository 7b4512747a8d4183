package io.planisphere.earth;

import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What training and packaging have in common: the data, all of it a function of the seed and the files. */
final class Run {
    // Small enough for a median error of 30 km, large enough to hold at least ten places to learn from.
    private static final AdaptivePartitioner PARTITIONER = new AdaptivePartitioner(
            10, 100, 9); // level 9 is 18 km across, two pixels of a window: nothing smaller can be told apart

    @Option(names = "--places", required = true, description = "CSV of id,author,latitude,longitude with a header line")
    private Path placesFile = Path.of("");

    @Option(
            names = "--maps",
            defaultValue = "target/earth/maps",
            description =
                    "folder with earth-blue-marble.jpg, earth-topology.png and earth-day.jpg (default: $${DEFAULT-VALUE})")
    private Path maps = Path.of("");

    @Option(
            names = "--run",
            defaultValue = "target/earth/run",
            description = "folder of the weights and of the run's record (default: $${DEFAULT-VALUE})")
    private Path directory = Path.of("");

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "of the split, the windows and the first weights (default: 1)")
    private int seed;

    Path directory() {
        return directory;
    }

    Path placesFile() {
        return placesFile;
    }

    int seed() {
        return seed;
    }

    Places places() throws IOException {
        return Places.split(Places.read(placesFile), seed);
    }

    static Partition partition(Places places) {
        return PARTITIONER.partition(locations(places.training())).partition();
    }

    static List<LatLng> locations(List<Places.Place> places) {
        return places.stream().map(Places.Place::at).toList();
    }

    Path mapFile(String name) {
        return maps.resolve(name);
    }

    Raster blueMarble() throws IOException {
        return Raster.read(mapFile("earth-blue-marble.jpg"));
    }

    Raster elevation() throws IOException {
        return Raster.read(mapFile("earth-topology.png"));
    }

    /** The rendering that no training sees. */
    Raster day() throws IOException {
        return Raster.read(mapFile("earth-day.jpg"));
    }
}
