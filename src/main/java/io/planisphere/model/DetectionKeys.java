package io.planisphere.model;

import io.planisphere.model.DetectionHead.Boxes;
import io.planisphere.model.DetectionHead.Classes;
import io.planisphere.model.DetectionHead.Coding;
import io.planisphere.model.DetectionHead.Landmarks;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.DetectionHead.Order;
import io.planisphere.model.DetectionHead.Scores;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the keys for a detector in manifest.json into a {@link DetectionHead}. */
final class DetectionKeys {
    /** The key of the object beside the outputs. */
    static final String LIMITS = "detection";

    /**
     * Default scales, from the box coder that TensorFlow's SSDs are trained with (faster_rcnn_box_coder): centre by 10, size by
     * 5.
     */
    private static final List<Double> SCALES = List.of(10.0, 10.0, 5.0, 5.0);

    private DetectionKeys() {}

    static DetectionHead read(JsonObject manifest) {
        JsonObject outputs = manifest.object("outputs");
        outputs.allowOnly(Set.of("boxes", "scores", "classes", "landmarks", "embedding"));
        for (String needed : List.of("boxes", "scores")) {
            if (!outputs.has(needed)) {
                throw manifest.problem("task", "needs outputs." + needed + "; name the graph's output there");
            }
        }
        boolean namesClasses = outputs.has("classes");
        return new DetectionHead(
                boxes(outputs.object("boxes")),
                scores(outputs.object("scores"), namesClasses),
                outputs.optionalObject("classes").map(DetectionKeys::classes),
                outputs.optionalObject("landmarks").map(DetectionKeys::landmarks),
                limits(manifest.object(LIMITS)));
    }

    private static Boxes boxes(JsonObject json) {
        json.allowOnly(Set.of("name", "coding", "order", "anchors", "scales"));
        Coding coding = json.constant("coding", Coding.class);
        if (coding == Coding.CORNERS && (json.has("anchors") || json.has("scales"))) {
            throw json.problem("coding", "has no use for anchors and scales; take them out, or set it to anchors");
        }
        List<Double> scales = json.has("scales") ? json.numbers("scales") : SCALES;
        if (scales.size() != 4 || Collections.min(scales) <= 0) {
            throw json.problem("scales", "must hold four numbers above 0");
        }
        return new Boxes(
                json.text("name"),
                coding,
                json.constant("order", Order.class),
                coding == Coding.ANCHORS ? json.text("anchors") : "",
                scales);
    }

    private static Scores scores(JsonObject json, boolean namesClasses) {
        json.allowOnly(Set.of("name", "activation", "background"));
        Activation activation = json.constant("activation", Activation.class);
        if (namesClasses && activation == Activation.SOFTMAX) {
            throw json.problem(
                    "activation", "goes over classes, but with outputs.classes a box has one score; set it to none");
        }
        return new Scores(
                json.text("name"),
                activation,
                json.has("background") ? OptionalInt.of(json.wholeNumber("background", 0)) : OptionalInt.empty());
    }

    private static Classes classes(JsonObject json) {
        json.allowOnly(Set.of("name", "first"));
        return new Classes(json.text("name"), json.has("first") ? json.wholeNumber("first", 0) : 0);
    }

    private static Landmarks landmarks(JsonObject json) {
        json.allowOnly(Set.of("name", "points"));
        List<String> points = json.texts("points");
        if (points.isEmpty() || Set.copyOf(points).size() < points.size()) {
            throw json.problem("points", "must name one point at least, and each once");
        }
        return new Landmarks(json.text("name"), points);
    }

    private static Limits limits(JsonObject json) {
        json.allowOnly(Set.of("min_score", "iou", "max_objects"));
        return new Limits(share(json, "min_score"), share(json, "iou"), json.wholeNumber("max_objects", 1));
    }

    private static double share(JsonObject json, String key) {
        double share = json.number(key);
        if (share < 0 || share > 1) {
            throw json.problem(key, "must be from 0 to 1");
        }
        return share;
    }
}
