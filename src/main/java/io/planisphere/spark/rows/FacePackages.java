package io.planisphere.spark.rows;

import io.planisphere.model.AttributeHead;
import io.planisphere.model.DetectionHead;
import io.planisphere.model.FaceAttributes.Alignment;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import io.planisphere.source.InputException;
import io.planisphere.vision.ArcFaceTemplate;
import io.planisphere.vision.SoftAttributes;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The package that detects faces and the one that predicts their attributes, checked to fit together.
 *
 * @param detector package with a label {@code face}
 * @param describer package for the task attributes, whose face alignment the detector's outputs support
 */
public record FacePackages(ModelPackage detector, ModelPackage describer) implements Serializable {
    /** The detector's label for faces. */
    static final String FACE = "face";

    /** @throws ModelPackageException if one is for another task, or the two do not fit together */
    public FacePackages {
        if (detector.task() != Task.DETECT || !detector.labels().contains(FACE)) {
            throw new ModelPackageException(
                    detector.location(),
                    "its task is " + detector.task().code() + " and its labels are "
                            + String.join(", ", detector.labels())
                            + "; give a detector with task detect and a label " + FACE);
        }
        describer.require(Task.ATTRIBUTES);
        if (describer.attributes().margin().isEmpty() && !hasLandmarks(detector)) {
            throw new ModelPackageException(
                    detector.location(),
                    "it gives no landmarks, by which " + describer.location() + " aligns faces; give a detector with "
                            + String.join(", ", ArcFaceTemplate.POINTS));
        }
    }

    /**
     * Returns the requested names in the package's order, so that the order of the request does not change rows.
     *
     * @throws InputException if the package lacks one
     */
    public List<String> attributes(Collection<String> asked) {
        Set<String> known = describer.attributes().names();
        Set<String> unknown = new LinkedHashSet<>(asked);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new InputException("Attributes: " + describer.location() + " does not know "
                    + String.join(", ", unknown) + "; give some of " + String.join(", ", known));
        }
        return known.stream().filter(asked::contains).toList();
    }

    /**
     * Checks soft labels of face attributes: they are the whole distributions of the requested attributes. Returns the numeric
     * attributes, which have no distribution.
     *
     * @param option name of the option for soft labels, for messages
     * @param list name of that for attributes
     * @param asked requested attributes
     * @throws InputException if only parts of an attribute are requested, or no attribute with probabilities
     * @throws ModelPackageException if an attribute has no soft labels at this temperature
     */
    public List<String> withoutSoftLabels(String option, String list, List<String> asked, double temperature) {
        List<AttributeHead> heads = describer.attributes().heads().stream()
                .filter(head -> asked.contains(head.attribute()))
                .toList();
        Set<String> parts = new LinkedHashSet<>(asked);
        heads.forEach(head -> {
            parts.remove(head.attribute());
            parts.removeAll(head.keys());
        });
        if (!parts.isEmpty()) {
            throw new InputException(option + " are of whole attributes, and " + list + " names only "
                    + String.join(", ", parts) + "; name the attribute before the dot, or leave " + option + " out");
        }
        List<String> numbers = heads.stream()
                .filter(head -> head.kind() == AttributeHead.Kind.VALUE)
                .map(AttributeHead::attribute)
                .toList();
        if (numbers.size() == heads.size()) {
            throw new InputException(option + " needs " + list + " with probabilities, got "
                    + (numbers.isEmpty() ? "none" : String.join(", ", numbers) + ", which are single numbers"));
        }
        new SoftAttributes(describer, heads, temperature); // throws if an attribute has no soft labels
        return numbers;
    }

    /** Returns the minimum score of a face that the detector's package recommends. */
    public double adviceOnScore() {
        return detector.detection().orElseThrow().limits().minScore();
    }

    /** Returns whether faces are aligned to the ArcFace template, rather than cropped as squares. */
    boolean areAligned() {
        return describer.attributes().alignment() == Alignment.ARCFACE && hasLandmarks(detector);
    }

    private static boolean hasLandmarks(ModelPackage detector) {
        return detector.detection()
                .flatMap(DetectionHead::landmarks)
                .filter(named -> named.points().containsAll(ArcFaceTemplate.POINTS))
                .isPresent();
    }
}
