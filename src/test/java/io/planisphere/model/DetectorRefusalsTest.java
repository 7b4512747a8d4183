package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import io.planisphere.model.DetectionHead.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how packages of detectors are read, and the messages for parts that do not fit together. */
class DetectorRefusalsTest {
    private static final double[] BOX = {0.1, 0.1, 0.5, 0.5};
    private static final Map<String, byte[]> CORNERS = TinyDetectors.corners(BOX, BOX);
    private static final Map<String, byte[]> ANCHORED = TinyDetectors.anchored("0.5,0.5,1,1\n0,0,.1,.1\n\n", BOX, BOX);

    private final Path folder;

    DetectorRefusalsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void thePackageDefinesHowTheOutputsAreRead() {
        ModelPackage model = open(written(ANCHORED));
        DetectionHead head = model.detection().orElseThrow();

        assertThat(model.task()).isEqualTo(Task.DETECT);
        assertThat(model.heads()).isEmpty();
        assertThat(model.embedding()).isEmpty();
        assertThat(model.maxBatch()).isEqualTo(1);
        assertThat(head.outputs()).containsExactly("boxes", "scores");
        assertThat(head.boxes().scales()).containsExactly(10.0, 10.0, 5.0, 5.0);
        assertThat(head.limits()).isEqualTo(new Limits(0.5, 0.45, 100));
        assertThat(model.anchors()).containsExactly(new Anchor(0.5, 0.5, 1, 1), new Anchor(0, 0, 0.1, 0.1));
        assertThat(open(written(CORNERS)).anchors()).isEmpty();
    }

    @Test
    void theBuiltInFaceDetectorIsAValidDetector() {
        ModelPackage faces = ModelPackage.open("builtin:face-detector", new Configuration(false));

        assertThat(faces.task()).isEqualTo(Task.DETECT);
        assertThat(faces.labels()).containsExactly("background", "face");
        assertThat(faces.detection().orElseThrow().limits().minScore()).isEqualTo(0.7);
        assertThat(faces.maxBatch()).isEqualTo(1);
    }

    @Test
    void aDetectorMustSeeTheWholePhoto() {
        refused(
                relisted(
                        CORNERS,
                        "preprocessor_config.json",
                        TinyModels.PREPROCESSOR
                                .replace("{\"height\": 8, \"width\": 8}", "{\"shortest_edge\": 8}")
                                .replace("\"do_center_crop\": false", "\"do_center_crop\": true, \"crop_size\": 8")),
                "preprocessor_config.json shows the network a crop of 8 x 8 pixels but a detector must see the whole"
                        + " photo; give size a height and a width and set do_center_crop to false");
    }

    @Test
    void boxesAndScoresMustBeNamedAndExist() {
        refused(
                TinyDetectors.inManifest(
                        CORNERS,
                        "\"scores\": {\"name\": \"scores\", \"activation\": \"sigmoid\"}",
                        "\"classes\": {\"name\": \"c\"}"),
                "manifest.json: task (\"detect\") needs outputs.scores; name the graph's output there");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"name\": \"boxes\"", "\"name\": \"corners\""),
                "manifest.json names output corners but model.onnx has boxes, scores; fix outputs.boxes.name");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"detection\"", "\"training\""),
                "manifest.json lacks detection; add it, an object");
    }

    @Test
    void invalidKeysOfADetectorAreRejected() {
        refused(
                TinyDetectors.inManifest(CORNERS, "\"corners\"", "\"centres\""),
                "manifest.json: outputs.boxes.coding (\"centres\") must be one of corners, anchors");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"xyxy\"", "\"xywh\""),
                "manifest.json: outputs.boxes.order (\"xywh\") must be one of xyxy, yxyx");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"xyxy\"", "\"xyxy\", \"scales\": [1, 1, 1, 1]"),
                "manifest.json: outputs.boxes.coding (\"corners\") has no use for anchors and scales; take them out, or set"
                        + " it to anchors");
        refused(
                TinyDetectors.inManifest(ANCHORED, "\"yxyx\"", "\"yxyx\", \"scales\": [10, 10, 5, 0]"),
                "manifest.json: outputs.boxes.scales ([10,10,5,0]) must hold four numbers above 0");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"iou\": 0.45", "\"iou\": 45"),
                "manifest.json: detection.iou (45) must be from 0 to 1");
        refused(
                TinyDetectors.inManifest(CORNERS, "100", "0"),
                "manifest.json: detection.max_objects (0) must be a whole number of at least 1");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"sigmoid\"}", "\"softmax\"}, \"classes\": {\"name\": \"scores\"}"),
                "manifest.json: outputs.scores.activation (\"softmax\") goes over classes, but with outputs.classes a box has"
                        + " one score; set it to none");
    }

    @Test
    void detectorKeysAreRejectedForOtherTasks() {
        Map<String, byte[]> classifier = TinyModels.classify("a", "b", "c");
        refused(
                TinyDetectors.inManifest(classifier, "\"source\"", "\"detection\""),
                "manifest.json: detection (\"written by hand\") is not known here; take it out, known are files, format,"
                        + " golden, input, licence, name, outputs, source, task, temperature, training, version");
    }

    @Test
    void outputsMustHaveTheAxesOfADetector() {
        refused(
                graph(CORNERS, graph -> graph.setOutput(0, TinyModels.value("boxes", List.of("1", "2", "5")))),
                "model.onnx has output boxes [1, 2, 5]; a box has 4 coordinates, so name another output as"
                        + " outputs.boxes.name");
        refused(
                graph(CORNERS, graph -> graph.setOutput(0, TinyModels.value("boxes", List.of("1", "8")))),
                "model.onnx has output boxes [1, 8]; boxes have three axes, batch, boxes and 4 coordinates, so name"
                        + " another output or export the graph without what comes after");
        refused(
                graph(CORNERS, graph -> graph.setOutput(1, TinyModels.value("scores", List.of("1", "6")))),
                "model.onnx has output scores [1, 6]; a detector's scores have three axes, batch, boxes and classes, so"
                        + " name another output or export the graph without what comes after");
        refused(
                graph(CORNERS, graph -> graph.setOutput(1, TinyModels.value("scores", List.of("1", "3", "3")))),
                "model.onnx has outputs boxes [1, 2, 4] and scores [1, 3, 3], which differ in boxes; name outputs that"
                        + " belong together");
        refused(
                graph(CORNERS, graph -> graph.setOutput(0, TinyModels.value("boxes", List.of("4", "2", "4")))),
                "model.onnx fixes the batch of boxes at 4; export it with a free batch axis, or with 1");
    }

    @Test
    void theNumberOfLabelsMustMatchTheScores() {
        refused(
                relisted(CORNERS, "config.json", TinyModels.config("red", "green")),
                "config.json names 2 labels but output scores has 3; fix id2label");
        refused(
                relisted(CORNERS, "config.json", "{}"),
                "config.json names no labels; a package with task detect needs id2label, or label_map in its manifest");
        refused(
                TinyDetectors.inManifest(CORNERS, "\"sigmoid\"", "\"sigmoid\", \"background\": 3"),
                "manifest.json has outputs.scores.background 3 but config.json names 3 labels; count classes from 0");
    }

    @Test
    void theNumberOfAnchorsMustMatchTheBoxes() {
        refused(
                relisted(ANCHORED, "anchors.csv", AnchorsFile.HEADER + "\n0.5,0.5,1,1\n"),
                "anchors.csv has 1 anchors but output boxes has 2 boxes; give it one line per box");
        refused(
                relisted(ANCHORED, "anchors.csv", "y,x,h,w\n"),
                "anchors.csv starts with y,x,h,w; its first line must be ycenter,xcenter,height,width");
        refused(
                relisted(ANCHORED, "anchors.csv", AnchorsFile.HEADER + "\n0.5,0.5,0,1\n"),
                "anchors.csv has line 2 0.5,0.5,0,1; a line holds four fractions of the photo, height and width above 0");
        Map<String, byte[]> without = new TreeMap<>(ANCHORED);
        without.remove("anchors.csv");
        refused(TinyModels.listed(without), "anchors.csv is missing; add it to the package");
    }

    /** If the graph leaves the number of boxes open, the first inference determines it. */
    @Test
    void openAxesOfTheGraphAreCheckedDuringInference() {
        ModelPackage model = open(written(graph(
                ANCHORED,
                graph -> graph.setOutput(0, TinyModels.value("boxes", List.of("1", "A", "4")))
                        .setOutput(1, TinyModels.value("scores", List.of("1", "A", "C"))))));

        model.checkDetections(8, 6, OptionalInt.empty());
        assertThatThrownBy(() -> model.checkDetections(12, 9, OptionalInt.empty()))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageEndingWith(
                        "anchors.csv has 2 anchors but output boxes has 3 boxes; give it one line per box");
        assertThatThrownBy(() -> model.checkDetections(8, 7, OptionalInt.empty()))
                .hasMessageEndingWith(
                        "model.onnx gives 2 boxes as boxes but 7 scores as scores; name outputs that belong"
                                + " together");
    }

    /** Categories and ids as in COCO's annotations. */
    @Test
    void anSsdCanUseTheLabelsOfCoco() {
        Map<String, byte[]> files = new TreeMap<>(TinyDetectors.inManifest(
                CORNERS, "\"task\": \"detect\",", "\"task\": \"detect\", \"label_map\": \"coco\","));
        refused(files, "manifest.json names a label_map and config.json has id2label; take one of them out");
        files.remove("config.json");
        Map<String, byte[]> coco = TinyModels.listed(graph(
                files, graph -> graph.setOutput(1, TinyModels.value("scores", List.of("1", "2", "91")))));

        List<String> labels = open(written(coco)).labels();

        assertThat(labels).hasSize(91).doesNotHaveDuplicates();
        assertThat(labels.get(0)).isEqualTo("background");
        assertThat(labels.get(1)).isEqualTo("person");
        assertThat(labels.get(18)).isEqualTo("dog");
        assertThat(labels.get(90)).isEqualTo("toothbrush");
        assertThat(labels.stream().filter(label -> label.startsWith("unused")))
                .containsExactly(
                        "unused 12",
                        "unused 26",
                        "unused 29",
                        "unused 30",
                        "unused 45",
                        "unused 66",
                        "unused 68",
                        "unused 69",
                        "unused 71",
                        "unused 83");
    }

    @Test
    void landmarksMustBeNamedAndMatchTheOutput() {
        Map<String, byte[]> files = TinyDetectors.withLandmarks(CORNERS, new float[20]);
        ModelPackage model = open(written(files));

        assertThat(model.detection().orElseThrow().outputs()).containsExactly("boxes", "scores", "landmarks");
        refused(
                TinyDetectors.inManifest(files, "\"nose\", ", ""),
                "manifest.json names 4 points but output landmarks has 20 values for 2 boxes; a point has 2, so fix"
                        + " outputs.landmarks.points");
        refused(
                TinyDetectors.inManifest(files, "\"nose\"", "\"left_eye\""),
                "manifest.json: outputs.landmarks.points ([\"left_eye\",\"right_eye\",\"left_eye\",\"left_mouth\","
                        + "\"right_mouth\"]) must name one point at least, and each once");
        refused(
                TinyDetectors.inManifest(files, "{\"name\": \"landmarks\"", "{\"name\": \"marks\""),
                "manifest.json names output marks but model.onnx has boxes, scores, landmarks; fix"
                        + " outputs.landmarks.name");
        assertThatThrownBy(() -> model.checkDetections(8, 6, OptionalInt.of(10)))
                .isInstanceOf(ModelPackageException.class);
    }

    private void refused(Map<String, byte[]> files, String problem) {
        Path directory = written(files);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(ModelPackageException.class)
                .hasMessage("Cannot open model package " + directory + ": " + problem);
    }

    private Path written(Map<String, byte[]> files) {
        try {
            return TinyModels.writeDirectory(Files.createTempDirectory(folder, "tiny"), files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelPackage open(Path directory) {
        return ModelPackage.open(directory.toString(), new Configuration(false));
    }

    private static Map<String, byte[]> relisted(Map<String, byte[]> files, String name, String content) {
        return TinyModels.listed(TinyModels.with(files, name, content));
    }

    private static Map<String, byte[]> graph(Map<String, byte[]> files, Consumer<GraphProto.Builder> change) {
        var model = TinyDetectors.graph(new double[][] {BOX, BOX}).toBuilder();
        change.accept(model.getGraphBuilder());
        return TinyModels.listed(
                TinyModels.with(files, "model.onnx", model.build().toByteArray()));
    }
}
