package io.planisphere.earth;

import io.planisphere.geo.Partition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** First half of the recipe: learns the weights and leaves them in the run's folder with a record of the run. */
@Command(name = "TrainEarth", description = "Trains the built-in geolocator.")
final class TrainEarth implements Callable<Integer> {
    static final int STEPS = 22_000;
    static final int BATCH = 32;
    static final double PEAK_RATE = 0.002;

    @Mixin
    private Run run = new Run();

    @Option(
            names = "--minutes",
            defaultValue = "67",
            description = "longest training; the schedule ends by then (default: 67)")
    private int minutes;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TrainEarth()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Places places = run.places();
        Partition partition = Run.partition(places);
        System.out.printf(
                Locale.ROOT,
                "%d training places in %d cells; %d steps of %d windows, %d minutes at most%n",
                places.training().size(),
                partition.cells().size(),
                STEPS,
                BATCH,
                minutes);
        Path directory = Files.createDirectories(run.directory());
        TrainingWindows windows = new TrainingWindows(
                places,
                partition,
                Terrain.sharpAndBlurred(run.blueMarble(), run.elevation()),
                Network.SHAPE.resolution(),
                BATCH,
                run.seed());
        Training.Settings settings =
                new Training.Settings(STEPS, BATCH, Duration.ofMinutes(minutes), PEAK_RATE, run.seed());
        try (Training training = new Training(partition.cells().size(), settings);
                BatchQueue batches = new BatchQueue(windows)) {
            System.out.println("Trained: " + training.run(batches, directory));
        }
        return 0;
    }
}
