package io.planisphere.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packages of detectors whose predictions can be calculated by hand: they return the same boxes for every photo, and score them
 * by its mean colour. With channels normalised to [-1, 1], box i has the logit {@code 4 / (i + 1) · mean(channel k)} for class
 * k; so in a red photo all boxes are of class 0, the first one with sigmoid(4), and a black photo has none.
 */
public final class TinyDetectors {
    private static final int CLASSES = 3;

    private TinyDetectors() {}

    /**
     * Returns a detector whose boxes are corners, x before y, as fractions; labels red, green and blue; the batch fixed at 1.
     */
    public static Map<String, byte[]> corners(double[]... boxes) {
        return detector(boxes, """
                "boxes": {"name": "boxes", "coding": "corners", "order": "xyxy"}""");
    }

    /**
     * Returns a detector whose boxes are relative to anchors, y before x, with the usual scales.
     *
     * @param csv lines of anchors.csv after the header
     */
    public static Map<String, byte[]> anchored(String csv, double[]... codes) {
        Map<String, byte[]> files = detector(codes, """
                "boxes": {"name": "boxes", "coding": "anchors", "order": "yxyx", "anchors": "anchors.csv"}""");
        return TinyModels.listed(TinyModels.with(files, "anchors.csv", AnchorsFile.HEADER + "\n" + csv));
    }

    private static Map<String, byte[]> detector(double[][] boxes, String coding) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.onnx", graph(boxes).toByteArray());
        put(files, "config.json", TinyModels.config("red", "green", "blue"));
        put(files, "preprocessor_config.json", TinyModels.PREPROCESSOR);
        put(files, "manifest.json", """
                {
                  "format": 1,
                  "name": "tiny",
                  "version": "1",
                  "task": "detect",
                  "input": {"name": "input", "layout": "NCHW"},
                  "outputs": {%s,
                    "scores": {"name": "scores", "activation": "sigmoid"}},
                  "detection": {"min_score": 0.5, "iou": 0.45, "max_objects": 100},
                  "files": {},
                  "licence": "Apache-2.0"
                }
                """.formatted(coding));
        return TinyModels.listed(files);
    }

    /** Returns the graph: GlobalAveragePool, Flatten, Gemm and Reshape give the scores; the boxes are weights. */
    public static ModelProto graph(double[][] boxes) {
        int n = boxes.length;
        TensorProto.Builder weights = floats("weights", (long) n * CLASSES, CLASSES);
        TensorProto.Builder constant = floats("constant", 1, n, 4);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < CLASSES; k++) {
                for (int channel = 0; channel < CLASSES; channel++) {
                    weights.addFloatData(channel == k ? 4f / (i + 1) : 0);
                }
            }
            for (double value : boxes[i]) {
                constant.addFloatData((float) value);
            }
        }
        TensorProto shape = TensorProto.newBuilder()
                .setName("shape")
                .setDataType(7)
                .addDims(3)
                .addAllInt64Data(List.of(1L, (long) n, (long) CLASSES))
                .build();
        String side = Integer.toString(TinyModels.SIDE);
        String count = Integer.toString(n);
        NodeProto gemm = TinyModels.node("Gemm", "flat", "means", "weights").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("transB")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("planisphere-test")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("boxes by mean colour")
                        .addInput(TinyModels.value("input", List.of("1", "3", side, side)))
                        .addNode(TinyModels.node("GlobalAveragePool", "pooled", "input"))
                        .addNode(TinyModels.node("Flatten", "means", "pooled"))
                        .addNode(gemm)
                        .addNode(TinyModels.node("Reshape", "scores", "flat", "shape"))
                        .addNode(TinyModels.node("Identity", "boxes", "constant"))
                        .addInitializer(weights)
                        .addInitializer(constant)
                        .addInitializer(shape)
                        .addOutput(TinyModels.value("boxes", List.of("1", count, "4")))
                        .addOutput(TinyModels.value("scores", List.of("1", count, Integer.toString(CLASSES)))))
                .build();
    }

    /**
     * Returns the detector with the five landmarks of the ArcFace template, the same for every photo.
     *
     * @param points ten numbers per box
     */
    public static Map<String, byte[]> withLandmarks(Map<String, byte[]> files, float... points) {
        try {
            ModelProto.Builder graph = ModelProto.parseFrom(TinyModels.bytes(files, "model.onnx")).toBuilder();
            TensorProto.Builder constant = floats("points", 1, points.length / 10, 10);
            for (float point : points) {
                constant.addFloatData(point);
            }
            graph.getGraphBuilder()
                    .addInitializer(constant)
                    .addNode(TinyModels.node("Identity", "landmarks", "points"))
                    .addOutput(TinyModels.value("landmarks", List.of("1", Integer.toString(points.length / 10), "10")));
            return inManifest(
                    TinyModels.listed(
                            TinyModels.with(files, "model.onnx", graph.build().toByteArray())),
                    "\"scores\": {",
                    "\"landmarks\": {\"name\": \"landmarks\", \"points\": [\"left_eye\", \"right_eye\", \"nose\","
                            + " \"left_mouth\", \"right_mouth\"]}, \"scores\": {");
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the files with a replacement in the manifest. */
    public static Map<String, byte[]> inManifest(Map<String, byte[]> files, String from, String to) {
        String manifest = TinyModels.text(files, "manifest.json");
        if (!manifest.contains(from)) {
            throw new IllegalArgumentException("The manifest has no " + from);
        }
        return TinyModels.with(files, "manifest.json", manifest.replace(from, to));
    }

    private static TensorProto.Builder floats(String name, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    private static void put(Map<String, byte[]> files, String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }
}
