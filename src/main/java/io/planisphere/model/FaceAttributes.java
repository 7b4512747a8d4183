package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.model.AttributeHead.Kind;
import io.planisphere.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The face attributes of a package for the task attributes, and the part of the photo that it needs for them.
 *
 * @param heads heads in the manifest's order
 * @param margin side of the square crop for the network, as a multiple of the longer side of the face's box; empty if it needs
 *     aligned faces
 * @param alignment alignment of the face, if the detector outputs landmarks
 */
public record FaceAttributes(List<AttributeHead> heads, OptionalDouble margin, Alignment alignment) {
    /** The value for packages of other tasks. */
    public static final FaceAttributes NONE = new FaceAttributes(List.of(), OptionalDouble.of(1), Alignment.NONE);

    /** The alignment of a face in the network's input. */
    public enum Alignment {
        /** Unrotated, in the middle of a square. */
        NONE,
        /** Rotated, scaled and shifted so that eyes, nose and mouth are near their positions in the ArcFace template. */
        ARCFACE
    }

    /** The key of the object in the manifest, beside the outputs. */
    static final String FACE = "face";

    /** Maximum margin. Beyond it, a face is tiny in the crop; it also keeps the side of a region far from overflow. */
    private static final double LARGEST_MARGIN = 10;

    public FaceAttributes {
        heads = List.copyOf(heads);
    }

    /** Returns the names that can be requested: attributes, and the keys of those with several labels. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        heads.forEach(head -> {
            names.add(head.attribute());
            names.addAll(head.keys());
        });
        return names;
    }

    /** Reads {@code outputs.attributes} and {@code face}. */
    static FaceAttributes of(JsonObject manifest) {
        if (manifest.constant("task", Task.class) != Task.ATTRIBUTES) {
            return NONE;
        }
        List<AttributeHead> heads = new ArrayList<>();
        Set<String> attributes = new LinkedHashSet<>();
        for (JsonObject json : manifest.object("outputs").objects("attributes")) {
            AttributeHead head = head(json);
            if (!attributes.add(head.attribute())) {
                throw json.problem("attribute", "stands twice; give each attribute a name of its own");
            }
            heads.add(head);
        }
        if (heads.isEmpty()) {
            throw manifest.problem("task", "needs one attribute at least; name one in outputs.attributes");
        }
        Optional<JsonObject> face = manifest.optionalObject(FACE);
        face.ifPresent(json -> json.allowOnly(Set.of("margin", "align")));
        Alignment alignment = face.filter(json -> json.has("align"))
                .map(json -> json.constant("align", Alignment.class))
                .orElse(Alignment.NONE);
        OptionalDouble margin = face.filter(json -> json.has("margin"))
                .map(FaceAttributes::margin)
                .orElse(OptionalDouble.empty());
        return new FaceAttributes(
                heads, margin.isEmpty() && alignment == Alignment.NONE ? OptionalDouble.of(1) : margin, alignment);
    }

    private static OptionalDouble margin(JsonObject face) {
        double margin = face.number("margin");
        if (!(margin > 0 && margin <= LARGEST_MARGIN)) {
            throw face.problem("margin", "must be above 0 and at most " + (int) LARGEST_MARGIN);
        }
        return OptionalDouble.of(margin);
    }

    /** Checks that the crop is square for aligned faces, because their template is. */
    private void check(Preprocessing preprocessing) {
        Preprocessing.Size size = preprocessing.crop();
        if (alignment != Alignment.NONE && size.width() != size.height()) {
            throw new PackageProblem("preprocessor_config.json gives faces of " + size.width() + " x " + size.height()
                    + " pixels but manifest.json aligns them, which needs a square; fix size, or take out face.align");
        }
    }

    private static AttributeHead head(JsonObject json) {
        json.allowOnly(Set.of("name", "attribute", "kind", "labels", "activation"));
        Kind kind = json.constant("kind", Kind.class);
        String attribute = json.text("attribute");
        // a dot separates attribute and label, and a comma separates names on the command line
        if (attribute.matches(".*[.,\\s].*")) {
            throw json.problem("attribute", "must be a name without dots, commas and spaces");
        }
        Activation activation =
                json.has("activation") ? json.constant("activation", Activation.class) : Activation.NONE;
        if (kind == Kind.EXPECTATION && activation == Activation.SIGMOID) {
            throw json.problem(
                    "activation", "must be softmax or none for an expectation, whose probabilities sum to 1");
        }
        if (kind == Kind.VALUE && activation != Activation.NONE) {
            throw json.problem("activation", "must be none for a value, which is read as it is");
        }
        return new AttributeHead(
                json.text("name"), attribute, kind, activation, labels(json, kind), OptionalInt.empty());
    }

    private static List<String> labels(JsonObject json, Kind kind) {
        if (kind != Kind.LABELS) {
            if (json.has("labels")) {
                throw json.problem("labels", "is for kind labels only; take it out");
            }
            return List.of();
        }
        List<String> labels = json.texts("labels");
        if (labels.isEmpty() || Set.copyOf(labels).size() < labels.size()) {
            throw json.problem("labels", "must hold one label at least, and each once");
        }
        return labels;
    }

    /** Returns the attributes with the widths that the graph declares, checked against the graph and the preprocessing. */
    FaceAttributes in(OnnxModel graph, Preprocessing preprocessing) {
        check(preprocessing);
        return new FaceAttributes(
                heads.stream().map(head -> Signature.attribute(head, graph)).toList(), margin, alignment);
    }
}
