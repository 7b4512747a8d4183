package io.planisphere.jobs;

import io.planisphere.spark.train.HeadFit;
import io.planisphere.spark.train.HeadFit.ClassWeights;
import io.planisphere.spark.train.Split;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for training a head. */
final class FitOptions {
    /** What PIGEON uses (arXiv 2307.05845), and what helps on aerial views (docs/evaluation.md). */
    private static final double SMOOTHING_KM = 75;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "Share of the users, 0 to 1, held out with all their photos; 0 for none. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "0.1")
    private double validation;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Random seed for the train/validation split. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--exclude-users",
            paramLabel = "FILE",
            description = "File of user ids, one per line, whose photos are left out.")
    private Optional<String> excludeUsers = Optional.empty();

    @Option(
            names = "--min-photos",
            paramLabel = "N",
            description = "Minimum training photos per class; classes with fewer are dropped. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "10")
    private long minPhotos;

    @Option(
            names = "--class-weights",
            paramLabel = "KIND",
            description = "none: all photos have the same weight; balanced: all classes have. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "none")
    private ClassWeights classWeights = ClassWeights.NONE;

    @Option(
            names = "--regularization",
            paramLabel = "X",
            description = "Strength of the L2 penalty; 0 for none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1e-4")
    private double regularization;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            description = "Maximum iterations of the optimizer per head. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int maxIterations;

    @Option(
            names = "--label-smoothing-km",
            paramLabel = "T",
            description = "Let a photo also count for near cells, by exp(-d / T) with the further distance d of their "
                    + "mean place; 0: only for its own. Default: 75 for cells.")
    private @Nullable Double smoothing;

    /** Checks the values and adds errors to {@code problems}. */
    void check(Problems problems) {
        InferenceOptions.atLeastOne(problems, "--min-photos", minPhotos);
    }

    Split split() {
        return new Split(validation, seed);
    }

    /** @param isLabels whether classes are labels, whose distances are unknown */
    HeadFit rule(boolean isLabels) {
        double km = smoothing == null ? SMOOTHING_KM : smoothing;
        return new HeadFit(
                classWeights,
                regularization,
                maxIterations,
                isLabels || km == 0 ? OptionalDouble.empty() : OptionalDouble.of(km));
    }

    boolean smooths() {
        return smoothing != null;
    }

    long minPhotos() {
        return minPhotos;
    }

    Optional<String> excludeUsers() {
        return excludeUsers;
    }
}
