package io.planisphere.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A detector and a network for faces whose predictions can be calculated by hand.
 *
 * <p>The detector has {@value #GRID} by {@value #GRID} boxes that tile the photo, row by row. The first one's score is the
 * photo's mean red plus its mean green, 0 to 1; that of the others its mean green. The other network is that of
 * {@link TinyModels}, so a face's embedding is the mean colour of its square.
 */
public final class TinyFaceModels {
    public static final int GRID = 20;

    private static final int BOXES = GRID * GRID;

    private TinyFaceModels() {}

    /** Returns a package with task detect; minimum score 0.5. */
    public static Map<String, byte[]> detector() {
        TensorProto.Builder boxes = floats("corners", 1, BOXES, 4);
        TensorProto.Builder weights = floats("weights", 3, 2L * BOXES);
        for (int i = 0; i < BOXES; i++) {
            int column = i % GRID;
            int line = i / GRID;
            boxes.addFloatData((float) column / GRID)
                    .addFloatData((float) line / GRID)
                    .addFloatData((column + 1f) / GRID)
                    .addFloatData((line + 1f) / GRID);
        }
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < BOXES; i++) {
                boolean counts = channel == 1 || (channel == 0 && i == 0);
                weights.addFloatData(0).addFloatData(counts ? 1 : 0);
            }
        }
        TensorProto shape = TensorProto.newBuilder()
                .setName("shape")
                .setDataType(7)
                .addDims(3)
                .addInt64Data(1)
                .addInt64Data(BOXES)
                .addInt64Data(2)
                .build();
        String a = Integer.toString(BOXES);
        ModelProto graph = ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("planisphere-test")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("tiles")
                        .addInput(TinyModels.value("input", List.of("1", "3", "8", "8")))
                        .addNode(TinyModels.node("GlobalAveragePool", "pooled", "input"))
                        .addNode(TinyModels.node("Flatten", "means", "pooled"))
                        .addNode(TinyModels.node("MatMul", "flat", "means", "weights"))
                        .addNode(TinyModels.node("Reshape", "scores", "flat", "shape"))
                        .addNode(TinyModels.node("Identity", "boxes", "corners"))
                        .addInitializer(boxes)
                        .addInitializer(weights)
                        .addInitializer(shape)
                        .addOutput(TinyModels.value("boxes", List.of("1", a, "4")))
                        .addOutput(TinyModels.value("scores", List.of("1", a, "2"))))
                .build();
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.onnx", graph.toByteArray());
        files = TinyModels.with(files, "config.json", TinyModels.config("background", "face"));
        files = TinyModels.with(
                files,
                "preprocessor_config.json",
                TinyModels.PREPROCESSOR.replace("\"do_normalize\": true", "\"do_normalize\": false"));
        return TinyModels.listed(TinyModels.with(files, "manifest.json", """
                {
                  "format": 1, "name": "tiles", "version": "1", "task": "detect",
                  "input": {"name": "input", "layout": "NCHW"},
                  "outputs": {
                    "boxes": {"name": "boxes", "coding": "corners", "order": "xyxy"},
                    "scores": {"name": "scores", "activation": "none", "background": 0}
                  },
                  "detection": {"min_score": 0.5, "iou": 0.5, "max_objects": 1000},
                  "files": {},
                  "licence": "Apache-2.0"
                }
                """));
    }

    /**
     * Returns a package with task attributes: {@code colour}, a softmax over red, green and blue; {@code number}, the mean of
     * 0, 1 and 2 by the same probabilities; {@code light}, the logarithm of each channel, which is not finite for a channel
     * that is zero.
     *
     * @param margin as in the manifest
     */
    public static Map<String, byte[]> attributes(double margin) {
        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        ModelProto.Builder graph = parsed(TinyModels.bytes(files, "model.onnx")).toBuilder();
        graph.getGraphBuilder()
                .addInitializer(floats("one", 1).addFloatData(1))
                .addNode(TinyModels.node("Add", "above", "embedding", "one"))
                .addNode(TinyModels.node("Log", "light", "above"))
                .addOutput(TinyModels.value("light", List.of("N", "3")));
        files.put("model.onnx", graph.build().toByteArray());
        String labels = "\"labels\": [\"red\", \"green\", \"blue\"]";
        List<String> heads = new ArrayList<>();
        heads.add(
                "{\"name\": \"logits\", \"attribute\": \"colour\", \"kind\": \"labels\", \"activation\": \"softmax\", "
                        + labels + "}");
        heads.add(
                "{\"name\": \"logits\", \"attribute\": \"number\", \"kind\": \"expectation\", \"activation\": \"softmax\"}");
        heads.add("{\"name\": \"light\", \"attribute\": \"light\", \"kind\": \"labels\", \"activation\": \"none\", "
                + labels + "}");
        String manifest = TinyModels.text(files, "manifest.json")
                .replace("\"classify\"", "\"attributes\"")
                .replace(
                        "\"scores\": {\"name\": \"logits\", \"activation\": \"softmax\"}",
                        "\"attributes\": [" + String.join(", ", heads) + "]")
                .replace("\"licence\"", "\"face\": {\"margin\": " + margin + "}, \"licence\"");
        files.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        return TinyModels.listed(files);
    }

    private static TensorProto.Builder floats(String name, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    private static ModelProto parsed(byte[] model) {
        try {
            return ModelProto.parseFrom(model);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
