package io.planisphere.earth;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.geometry.S2CellId;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.model.Decoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Second half of the recipe: writes the trained network as ONNX, scores that file, and writes the package and the photos. */
@Command(name = "PackageEarth", description = "Packages and scores the trained geolocator.")
final class PackageEarth implements Callable<Integer> {
    private static final double MAX_DIFFERENCE = 1e-4;

    @Mixin
    private Run run = new Run();

    @Option(
            names = "--package",
            defaultValue = "src/main/resources/models/earth",
            description = "where the package goes")
    private Path packageDirectory = Path.of("");

    @Option(names = "--samples", defaultValue = "src/samples/earth", description = "where the sample photos go")
    private Path samplesDirectory = Path.of("");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PackageEarth()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Places places = run.places();
        Partition partition = Run.partition(places);
        Raster blueMarble = run.blueMarble();
        Training.Outcome outcome = new ObjectMapper()
                .readValue(run.directory().resolve(Training.RECORD).toFile(), Training.Outcome.class);
        byte[] onnx;
        float[] golden;
        Decoding decoding;
        Map<String, Object> training = provenance(places, outcome);
        try (TrainedNetwork trained =
                TrainedNetwork.load(run.directory(), partition.cells().size())) {
            onnx = trained.weights().toFoldedOnnx();
            golden = trained.logits(EarthPackage.ramp());
            try (Geolocator geolocator = new Geolocator(onnx)) {
                check(golden, geolocator.logits(EarthPackage.ramp()));
                Map<String, Object> figures = figures(geolocator, places, partition, blueMarble);
                decoding = EarthDecoding.fit(geolocator, partition, blueMarble, places.unseenAuthors(), figures);
                training.put("figures", figures);
            }
        }
        EarthPackage.write(packageDirectory, onnx, partition, golden, decoding, training);
        SamplePhotos.write(
                samplesDirectory,
                Run.locations(places.unseenAuthors()),
                blueMarble,
                Terrain.of(blueMarble, run.elevation()),
                run.seed());
        return 0;
    }

    private Map<String, Object> figures(Geolocator geolocator, Places places, Partition partition, Raster blueMarble)
            throws Exception {
        List<LatLng> training = Run.locations(places.training());
        List<LatLng> unseen = Run.locations(places.unseenAuthors());
        List<LatLng> regions = Run.locations(places.heldOutRegions());
        Map<String, Scores> scores = new LinkedHashMap<>();
        scores.put("best_constant", Baselines.bestConstants(partition, training, unseen));
        scores.put("right_cell_always", Baselines.rightCellAlways(partition, unseen));
        scores.put("same_map_unseen_authors", score(geolocator, partition, blueMarble, unseen));
        scores.put("unseen_rendering_unseen_authors", score(geolocator, partition, run.day(), unseen));
        scores.put("held_out_regions_best_constant", Baselines.bestConstants(partition, training, regions));
        scores.put("held_out_regions_nearest_cell_always", Baselines.rightCellAlways(partition, regions));
        scores.put("held_out_regions", score(geolocator, partition, blueMarble, regions));
        Map<String, Object> figures = new LinkedHashMap<>();
        scores.forEach((name, score) -> {
            System.out.printf(Locale.ROOT, "%-40s %s%n", name, score.toJson());
            figures.put(name, score.toJson());
        });
        figures.put(
                "share_of_unseen_authors_places_within_1_km_of_training",
                Scores.rounded(Baselines.nearTraining(training, unseen), 10_000));
        return figures;
    }

    private static Scores score(Geolocator geolocator, Partition partition, Raster map, List<LatLng> places)
            throws Exception {
        return Scores.of(partition, places, geolocator.locate(map, places));
    }

    private static void check(float[] trained, float[] written) {
        double worst = 0;
        for (int i = 0; i < trained.length; i++) {
            worst = Math.max(worst, Math.abs(trained[i] - written[i]));
        }
        System.out.printf(Locale.ROOT, "The ONNX graph differs from the trained network by %.2g at most%n", worst);
        if (!(worst < MAX_DIFFERENCE)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "The ONNX graph differs from the trained network by %g, over %g",
                    worst,
                    MAX_DIFFERENCE));
        }
    }

    private Map<String, Object> provenance(Places places, Training.Outcome outcome) throws IOException {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("places", EarthPackage.sha256(Files.readAllBytes(run.placesFile())));
        for (String map : List.of("earth-blue-marble.jpg", "earth-topology.png", "earth-day.jpg")) {
            data.put(map, EarthPackage.sha256(Files.readAllBytes(run.mapFile(map))));
        }
        Map<String, Object> training = new LinkedHashMap<>();
        training.put("maps", "npm package three-globe 2.45.2, example/img");
        training.put("sha256", data);
        training.put("engine", "PyTorch " + Engine.getEngine("PyTorch").getVersion() + " through DJL");
        training.put("seed", run.seed());
        training.put("steps", outcome.steps());
        training.put("steps_planned", TrainEarth.STEPS);
        training.put("windows", outcome.steps() * TrainEarth.BATCH);
        training.put("minutes", Math.round(outcome.minutes()));
        training.put("peak_learning_rate", TrainEarth.PEAK_RATE);
        training.put("places", places.training().size());
        training.put(
                "held_out_regions",
                places.regions().stream().map(S2CellId::toToken).toList());
        return training;
    }
}
