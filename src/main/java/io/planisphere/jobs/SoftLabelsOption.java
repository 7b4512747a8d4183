package io.planisphere.jobs;

import io.planisphere.model.AttributeHead;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.SoftAttributes;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    void refuseOthers(ModelPackage describing, List<String> asked, PrintWriter out) {
        Double softening = temperature();
        if (softening == null) {
            return;
        }
        List<AttributeHead> heads = describing.attributes().heads().stream()
                .filter(head -> asked.contains(head.attribute()))
                .toList();
        Set<String> parts = new LinkedHashSet<>(asked);
        heads.forEach(head -> {
            parts.remove(head.attribute());
            parts.removeAll(head.keys());
        });
        if (!parts.isEmpty()) {
            throw new UserError("--soft-labels are of whole attributes, and --attributes names only "
                    + String.join(", ", parts) + "; name the attribute before the dot, or leave --soft-labels out");
        }
        List<String> numbers = heads.stream()
                .filter(head -> head.kind() == AttributeHead.Kind.VALUE)
                .map(AttributeHead::attribute)
                .toList();
        if (numbers.size() == heads.size()) {
            throw new UserError("--soft-labels needs --attributes with probabilities, got "
                    + (numbers.isEmpty() ? "none" : String.join(", ", numbers) + ", which are single numbers"));
        }
        new SoftAttributes(describing, heads, softening); // throws if an attribute has no soft labels
        if (!numbers.isEmpty()) {
            out.printf("No soft labels of %s: a single number is its own target%n", String.join(", ", numbers));
            out.flush();
        }
    }
}
