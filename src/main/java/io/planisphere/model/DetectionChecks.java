package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Checks the parts of a detector's package against each other. */
record DetectionChecks(DetectionHead head, List<Anchor> anchors, int labels) {

    /** Checks the axes of each output, and returns their widths by name. */
    static Map<String, OptionalInt> widths(DetectionHead head, OnnxModel graph) {
        Map<String, OptionalInt> widths = new LinkedHashMap<>();
        Tensor boxes = Signature.output("boxes", head.boxes().output(), graph);
        Tensor scores = Signature.output("scores", head.scores().output(), graph);
        checkAxes(boxes, 3, "boxes have three axes, batch, boxes and 4 coordinates");
        if (boxes.shape().isPresent() && !Signature.fits(boxes.shape().get().get(2), 4)) {
            throw new PackageProblem("model.onnx has output " + Signature.described(boxes)
                    + "; a box has 4 coordinates, so name another output as outputs.boxes.name");
        }
        if (head.classes().isEmpty()) {
            checkAxes(scores, 3, "a detector's scores have three axes, batch, boxes and classes");
        } else {
            checkAxes(scores, 2, "beside outputs.classes, scores have two axes, batch and boxes");
        }
        Signature.checkActivation(head.scores().output(), head.scores().activation(), graph);
        checkSameBoxes(boxes, scores);
        head.classes().ifPresent(named -> {
            Tensor classes = Signature.output("classes", named.output(), graph);
            checkAxes(classes, 2, "numbers of classes have two axes, batch and boxes");
            checkSameBoxes(boxes, classes);
            widths.put(classes.name(), Signature.width(classes));
        });
        head.landmarks().ifPresent(named -> {
            Tensor points = Signature.output("landmarks", named.output(), graph);
            checkSameBoxes(boxes, points);
            widths.put(points.name(), Signature.width(points));
        });
        widths.put(boxes.name(), Signature.width(boxes));
        widths.put(scores.name(), Signature.width(scores));
        return widths;
    }

    /** Reads the anchors that the head needs. */
    static DetectionChecks of(DetectionHead head, PackageFiles files, int labels) {
        String file = head.boxes().anchorsFile();
        List<Anchor> anchors = head.boxes().coding() == DetectionHead.Coding.ANCHORS
                ? AnchorsFile.read(file, files.required(file))
                : List.of();
        return new DetectionChecks(head, anchors, labels);
    }

    /** Checks the head against the rest of its package, using the result of {@link #widths}. */
    void check(Preprocessing preprocessing, Map<String, OptionalInt> widths) {
        checkWholePhoto(preprocessing);
        checkLabels();
        checkCounts(
                widths.getOrDefault(head.boxes().output(), OptionalInt.empty()),
                widths.getOrDefault(head.scores().output(), OptionalInt.empty()),
                head.landmarks()
                        .map(named -> widths.getOrDefault(named.output(), OptionalInt.empty()))
                        .orElse(OptionalInt.empty()));
    }

    /** Checks that the network's input is the whole photo, because boxes are fractions of it. */
    private static void checkWholePhoto(Preprocessing preprocessing) {
        if (preprocessing.hasMargin()) {
            throw new PackageProblem("preprocessor_config.json shows the network a crop of "
                    + preprocessing.crop().width() + " x "
                    + preprocessing.crop().height()
                    + " pixels but a detector must see the whole photo; give size a height and a width and set"
                    + " do_center_crop to false");
        }
    }

    /** Checks the labels of config.json against the manifest. */
    private void checkLabels() {
        if (labels == 0) {
            throw new PackageProblem(
                    "config.json names no labels; a package with task detect needs id2label, or label_map in"
                            + " its manifest");
        }
        if (head.scores().background().orElse(0) >= labels) {
            throw new PackageProblem("manifest.json has outputs.scores.background "
                    + head.scores().background().getAsInt() + " but config.json names " + labels
                    + " labels; count classes from 0");
        }
    }

    /** Checks the numbers of anchors and labels against the values per photo, where these are known. */
    void checkCounts(OptionalInt boxValues, OptionalInt scoreValues, OptionalInt landmarkValues) {
        if (boxValues.isEmpty()) {
            return;
        }
        int boxes = boxValues.getAsInt() / 4;
        landmarkValues.ifPresent(values -> checkLandmarks(boxes, values));
        if (head.boxes().coding() == DetectionHead.Coding.ANCHORS && anchors.size() != boxes) {
            throw new PackageProblem(head.boxes().anchorsFile() + " has " + anchors.size() + " anchors but output "
                    + head.boxes().output() + " has " + boxes + " boxes; give it one line per box");
        }
        int perBox = head.classes().isPresent() ? 1 : labels;
        if (scoreValues.isEmpty() || scoreValues.getAsInt() == boxes * perBox) {
            return;
        }
        if (boxes == 0 || scoreValues.getAsInt() % boxes != 0 || head.classes().isPresent()) {
            throw new PackageProblem("model.onnx gives " + boxes + " boxes as "
                    + head.boxes().output() + " but "
                    + scoreValues.getAsInt() + " scores as " + head.scores().output()
                    + "; name outputs that belong together");
        }
        throw new PackageProblem("config.json names " + labels + " labels but output "
                + head.scores().output() + " has " + scoreValues.getAsInt() / boxes + "; fix id2label");
    }

    private void checkLandmarks(int boxes, int values) {
        DetectionHead.Landmarks named = head.landmarks().orElseThrow();
        if (values != 2 * boxes * named.points().size()) {
            throw new PackageProblem("manifest.json names " + named.points().size() + " points but output "
                    + named.output() + " has " + values + " values for " + boxes
                    + " boxes; a point has 2, so fix outputs.landmarks.points");
        }
    }

    private static void checkAxes(Tensor tensor, int axes, String rule) {
        if (tensor.shape().isPresent() && tensor.shape().get().size() != axes) {
            throw new PackageProblem("model.onnx has output " + Signature.described(tensor) + "; " + rule
                    + ", so name another output or export the graph without what comes after");
        }
    }

    private static void checkSameBoxes(Tensor boxes, Tensor other) {
        if (boxes.shape().isEmpty() || other.shape().isEmpty()) {
            return;
        }
        Dim count = boxes.shape().get().get(1);
        if (count instanceof Dim.Fixed fixed
                && !Signature.fits(other.shape().get().get(1), Math.toIntExact(fixed.size()))) {
            throw new PackageProblem("model.onnx has outputs " + Signature.described(boxes) + " and "
                    + Signature.described(other) + ", which differ in boxes; name outputs that belong together");
        }
    }
}
