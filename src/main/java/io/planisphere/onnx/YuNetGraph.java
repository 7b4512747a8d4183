package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * YuNet (Wu et al., Machine Intelligence Research 20, 2023) as OpenCV's model zoo has it, {@code face_detection_yunet_2023mar.onnx}:
 * twelve outputs, four for each stride of 8, 16 and 32 pixels. This class joins them to the three that a detector has here, by the
 * rules of OpenCV's {@code FaceDetectorYN}: a score is the geometric mean of the two probabilities {@code cls} and {@code obj},
 * clipped to 0 to 1; boxes and landmarks are relative to a cell's corner and size.
 */
public final class YuNetGraph {
    /** Names of the outputs that {@link #joined} adds. */
    public static final String BOXES = "boxes";

    public static final String SCORES = "scores";
    public static final String LANDMARKS = "landmarks";

    private static final List<Integer> STRIDES = List.of(8, 16, 32);
    private static final List<String> KINDS = List.of("cls", "obj", "bbox", "kps");
    private static final int LANDMARK_VALUES = 10;

    /** Side of the input where the file leaves it free, a multiple of the largest stride. */
    private static final int DEFAULT_SIDE = 640;

    private YuNetGraph() {}

    /** Returns whether a network has YuNet's outputs. */
    public static boolean isYuNet(OnnxModel network) {
        return STRIDES.stream()
                .allMatch(stride -> KINDS.stream()
                        .allMatch(kind -> network.output(kind + "_" + stride).isPresent()));
    }

    /** Returns the side of the photo in pixels: that of the input, or 640 if the file leaves it free. */
    public static int side(OnnxModel network) {
        Tensor input = network.inputs().get(0);
        List<Dim> shape = input.shape().orElse(List.of());
        boolean isSquare = shape.size() == 4 && shape.get(2).equals(shape.get(3));
        return isSquare && shape.get(2) instanceof Dim.Fixed fixed ? Math.toIntExact(fixed.size()) : DEFAULT_SIDE;
    }

    /** Returns the anchors as the file of a package: the corner and the side of every cell, stride by stride and row by row. */
    public static String anchors(int side) {
        StringBuilder csv = new StringBuilder("ycenter,xcenter,height,width\n");
        for (int stride : STRIDES) {
            int cells = side / stride;
            double length = (double) stride / side;
            for (int row = 0; row < cells; row++) {
                for (int column = 0; column < cells; column++) {
                    csv.append(String.format(
                            Locale.ROOT, "%.9g,%.9g,%.9g,%.9g%n", row * length, column * length, length, length));
                }
            }
        }
        return csv.toString();
    }

    /** Returns the network with the three outputs in place of its own. */
    public static byte[] joined(byte[] network) {
        ModelProto.Builder model = OnnxProto.parse("model.onnx", network);
        GraphProto.Builder graph = model.getGraphBuilder();
        String least = scalar(graph, "least", 0);
        String most = scalar(graph, "most", 1);
        join(graph, "cls", "cls_joined");
        join(graph, "obj", "obj_joined");
        join(graph, "bbox", BOXES);
        join(graph, "kps", LANDMARKS);
        graph.addNode(OnnxProto.node("Clip", "cls_clipped", "cls_joined", least, most));
        graph.addNode(OnnxProto.node("Clip", "obj_clipped", "obj_joined", least, most));
        graph.addNode(OnnxProto.node("Mul", "cls_obj", "cls_clipped", "obj_clipped"));
        graph.addNode(OnnxProto.node("Sqrt", SCORES, "cls_obj"));
        graph.clearOutput()
                .addOutput(output(BOXES, 4))
                .addOutput(output(SCORES, 1))
                .addOutput(output(LANDMARKS, LANDMARK_VALUES));
        return OnnxProto.bytes(model);
    }

    private static void join(GraphProto.Builder graph, String kind, String joined) {
        List<String> parts = new ArrayList<>();
        STRIDES.forEach(stride -> parts.add(kind + "_" + stride));
        graph.addNode(OnnxProto.node("Concat", joined, parts.toArray(String[]::new)).toBuilder()
                .addAttribute(OnnxGraphBuilder.integer("axis", 1)));
    }

    private static String scalar(GraphProto.Builder graph, String wanted, float value) {
        String name = OnnxProto.freeName(graph, wanted);
        ByteBuffer raw =
                ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(raw)));
        return name;
    }

    private static ValueInfoProto output(String name, int values) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("batch");
        shape.addDimBuilder().setDimParam("anchors");
        shape.addDimBuilder().setDimValue(values);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
