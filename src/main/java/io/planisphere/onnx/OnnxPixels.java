package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts normalisation in front of a network: its input becomes 8-bit pixels, of which the graph makes {@code (pixel − mean ÷
 * factor) ÷ (std ÷ factor)} by itself. That is a quarter of the bytes to hand over, and normalisation at the engine's speed.
 */
public final class OnnxPixels {
    private OnnxPixels() {}

    /**
     * The network for pixels.
     *
     * @param name what messages call the network's file
     * @param input its only input, of floats; it keeps its shape, and becomes {@code input + "_pixels"}
     * @param rule how pixels become floats, and in which layout
     */
    public static Fed feed(String name, byte[] network, String input, Preprocessing rule) {
        ModelProto.Builder model = OnnxProto.parse(name, network);
        GraphProto.Builder graph = model.getGraphBuilder();
        String pixels = OnnxProto.freeName(graph, input + "_pixels");
        for (ValueInfoProto.Builder declared : graph.getInputBuilderList()) {
            if (declared.getName().equals(input)) {
                declared.setName(pixels);
                declared.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.UINT8.getNumber());
            }
        }
        List<NodeProto> nodes = new ArrayList<>();
        String floats = OnnxProto.freeName(graph, input + "_floats");
        String centred = OnnxProto.freeName(graph, input + "_centred");
        nodes.add(node("Cast", floats, pixels)
                .addAttribute(OnnxGraphBuilder.integer("to", DataType.FLOAT.getNumber()))
                .build());
        nodes.add(node("Sub", centred, floats, weight(graph, input + "_mean", rule, rule.mean()))
                .build());
        nodes.add(node("Div", input, centred, weight(graph, input + "_std", rule, rule.std()))
                .build());
        nodes.addAll(graph.getNodeList());
        graph.clearNode().addAllNode(nodes);
        return new Fed(pixels, OnnxProto.bytes(model));
    }

    /**
     * A network that takes pixels.
     *
     * @param input name of its input
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on to the engine, never compared
    public record Fed(String input, byte[] network) {}

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    /** One value per channel in units of pixels, so that it broadcasts over the photo. */
    private static String weight(GraphProto.Builder graph, String wanted, Preprocessing rule, List<Double> perChannel) {
        float[] values = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            values[channel] = (float) (perChannel.get(channel) / rule.rescaleFactor());
        }
        String name = OnnxProto.freeName(graph, wanted);
        FloatTensor tensor =
                rule.layout() == Layout.NCHW ? FloatTensor.of(values, 1, 3, 1, 1) : FloatTensor.of(values, 1, 1, 1, 3);
        graph.addInitializer(OnnxGraphBuilder.initializer(name, tensor));
        return name;
    }
}
