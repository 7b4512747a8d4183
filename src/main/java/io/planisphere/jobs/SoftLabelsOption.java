package io.planisphere.jobs;

import io.planisphere.spark.rows.FacePackages;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for soft labels: whether rows have whole distributions, and their temperature. */
final class SoftLabelsOption {
    @Option(
            names = "--soft-labels",
            description = "Also write the probabilities of all labels, as targets for a student network.")
    private boolean isAsked;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Temperature of --soft-labels, above 0; more than 1 makes them softer. Default: 1.")
    private @Nullable Double temperature;

    void check(Problems problems) {
        if (temperature != null && !isAsked) {
            problems.add("--temperature is for --soft-labels; add it, or leave --temperature out");
        }
        if (temperature != null && !(temperature > 0 && Double.isFinite(temperature))) {
            problems.add("--temperature must be above 0, got " + temperature);
        }
    }

    /** Returns the temperature; null without soft labels. */
    @Nullable
    Double temperature() {
        if (!isAsked) {
            return null;
        }
        return temperature == null ? Double.valueOf(1) : temperature;
    }

    /**
     * Checks soft labels of a package for face attributes: they are the whole distributions of the requested attributes. Prints
     * the numeric attributes, which have no distribution.
     *
     * @param asked requested attributes
     */
    void refuseOthers(FacePackages packages, List<String> asked, PrintWriter out) {
        Double softening = temperature();
        if (softening == null) {
            return;
        }
        List<String> numbers = packages.withoutSoftLabels("--soft-labels", "--attributes", asked, softening);
        if (!numbers.isEmpty()) {
            out.printf("No soft labels of %s: a single number is its own target%n", String.join(", ", numbers));
            out.flush();
        }
    }
}
