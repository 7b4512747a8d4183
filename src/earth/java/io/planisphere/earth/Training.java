package io.planisphere.earth;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * Fits the network to the windows by Adam, with a warm-up, a cosine schedule and a running mean of the weights, which is what
 * comes out. A run is a fixed number of steps, so a seed means the same run; where the time limit comes first, the schedule
 * follows the clock instead and the run is not repeatable to the bit.
 */
final class Training implements AutoCloseable {
    /** File name of the weights, before the number of the checkpoint; the last one counts. */
    static final String WEIGHTS = "earth";

    /** File name of the {@link Outcome}. */
    static final String RECORD = "training.json";

    private static final int REPORT_EVERY = 500;
    private static final int WARM_UP_STEPS = 400;
    private static final float WEIGHT_DECAY = 1e-5f;
    private static final double AVERAGE_STEPS = 1500;
    private static final int AVERAGE_EVERY = 10;
    private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(4);

    private final Model model;
    private final Trainer trainer;
    private final Settings settings;
    private final WeightAverage average;
    private float rate;

    /**
     * How to train.
     *
     * @param steps batches to see
     * @param batch windows in each
     * @param limit when to be done at the latest
     * @param peakRate the learning rate after the warm-up
     * @param seed of the first weights
     */
    record Settings(int steps, int batch, Duration limit, double peakRate, int seed) {}

    /**
     * What a run did.
     *
     * @param steps batches seen
     * @param minutes wall clock
     * @param loss running mean at the end; the targets' own entropy is part of it
     */
    record Outcome(int steps, double minutes, double loss) {}

    Training(int classes, Settings settings) {
        this.settings = settings;
        Engine.getEngine("PyTorch").setRandomSeed(settings.seed());
        model = Model.newInstance("earth", Device.cpu(), "PyTorch");
        SequentialBlock network = Network.block(classes);
        model.setBlock(network);
        TrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optInitializer(
                        new XavierInitializer(
                                XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
                        Parameter.Type.WEIGHT)
                .optOptimizer(Adam.builder()
                        .optLearningRateTracker((parameter, update) -> rate)
                        .optWeightDecays(WEIGHT_DECAY)
                        .build());
        trainer = model.newTrainer(config);
        int size = Network.SHAPE.resolution();
        trainer.initialize(new Shape(settings.batch(), 3, size, size));
        average = new WeightAverage(network);
    }

    /** Trains, and leaves the averaged weights and the record in the run's folder. */
    Outcome run(BatchQueue batches, Path run) throws IOException, InterruptedException, ExecutionException {
        long start = System.nanoTime();
        long checkpoint = start;
        double progress = 0;
        double loss = 0;
        int step = 0;
        while (progress < 1) {
            double schedule = 0.5 + 0.5 * Math.cos(Math.PI * progress);
            rate = (float) (settings.peakRate() * Math.max(schedule, 1e-3) * Math.min(1, (step + 1.0) / WARM_UP_STEPS));
            double stepLoss = step(batches.take());
            loss += (stepLoss - loss) * (step < 100 ? 1.0 / (step + 1) : 0.01);
            step++;
            if (step % AVERAGE_EVERY == 0) {
                average.add(1 - Math.exp(-AVERAGE_EVERY / Math.min(AVERAGE_STEPS, step / 5.0)));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            progress = Math.max(
                    (double) step / settings.steps(),
                    (double) took.toNanos() / settings.limit().toNanos());
            if (step % REPORT_EVERY == 0) {
                report(step, took, loss);
            }
            if (System.nanoTime() - checkpoint > CHECKPOINT_EVERY.toNanos()) {
                save(run, step, took, loss);
                checkpoint = System.nanoTime();
            }
        }
        average.intoNetwork();
        return save(run, step, Duration.ofNanos(System.nanoTime() - start), loss);
    }

    private void report(int step, Duration took, double loss) {
        System.out.printf(
                Locale.ROOT,
                "step %d of %d, %d s, %.0f windows/s, loss %.3f, rate %.5f%n",
                step,
                settings.steps(),
                took.toSeconds(),
                step * settings.batch() * 1e9 / took.toNanos(),
                loss,
                rate);
    }

    /** Leaves the weights as they are now and the record beside them; a run that was stopped can be packaged from these. */
    private Outcome save(Path run, int step, Duration took, double loss) throws IOException {
        Outcome outcome = new Outcome(step, took.toMillis() / 60e3, loss);
        model.save(run, WEIGHTS);
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(run.resolve(RECORD).toFile(), outcome);
        return outcome;
    }

    private double step(TrainingWindows.Batch batch) {
        int size = Network.SHAPE.resolution();
        int classes = batch.targets().remaining() / Float.BYTES / settings.batch();
        // closed at every step, or the arrays of the whole run pile up
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray input = normalised(
                    manager.create(batch.pixels(), new Shape(settings.batch(), 3, size, size), DataType.UINT8));
            NDArray targets = manager.create(batch.targets(), new Shape(settings.batch(), classes), DataType.FLOAT32);
            double loss;
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDArray logits = trainer.forward(new NDList(input)).singletonOrThrow();
                NDArray mean = logits.logSoftmax(1).mul(targets).sum().div(-settings.batch());
                gradients.backward(mean);
                loss = mean.getFloat();
            }
            trainer.step();
            return loss;
        }
    }

    /** The package's preprocessing: 0 to 255 becomes -1 to 1. */
    private static NDArray normalised(NDArray pixels) {
        return pixels.toType(DataType.FLOAT32, false).sub(127.5f).div(127.5f);
    }

    @Override
    public void close() {
        average.close();
        trainer.close();
        model.close();
    }
}
