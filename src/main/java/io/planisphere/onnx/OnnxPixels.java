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
import java.util.function.IntToDoubleFunction;

/**
 * Adds normalisation in front of a network: its input becomes 8-bit pixels, from which the graph itself computes {@code (pixel ·
 * factor − mean) ÷ std} as {@code pixel · scale + shift}. This reduces the input to a quarter of the bytes.
 */
public final class OnnxPixels {
    /** The first operator set that has DequantizeLinear. */
    private static final long QUANTIZING_OPERATOR_SET = 10;

    private OnnxPixels() {}

    /**
     * A network that takes pixels.
     *
     * @param input name of its input
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Fed(String input, byte[] network) {}

    /**
     * Returns the network for pixels.
     *
     * @param name name of the network's file for messages
     * @param input its only input, of floats; it keeps its shape, and becomes {@code input + "_pixels"}
     * @param rule the normalisation and layout
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
        boolean quantizing = OnnxModel.read(name, network).opset() >= QUANTIZING_OPERATOR_SET;
        String scaled = scaled(graph, nodes, pixels, rule, quantizing);
        nodes.add(OnnxProto.node(
                "Add",
                input,
                scaled,
                weight(
                        graph,
                        "pixel_shift",
                        rule,
                        channel -> -rule.mean().get(channel) / rule.std().get(channel))));
        nodes.addAll(graph.getNodeList());
        graph.clearNode().addAllNode(nodes);
        return new Fed(pixels, OnnxProto.bytes(model));
    }

    /** Adds the multiplication. One operator is enough if all channels share a scale; Cast and Mul take several times as long. */
    private static String scaled(
            GraphProto.Builder graph, List<NodeProto> nodes, String pixels, Preprocessing rule, boolean quantizing) {
        String scaled = OnnxProto.freeName(graph, pixels + "_scaled");
        if (quantizing && rule.std().stream().distinct().count() == 1) {
            float scale = (float) (rule.rescaleFactor() / rule.std().get(0));
            String name = OnnxProto.freeName(graph, pixels + "_scale");
            graph.addInitializer(OnnxGraphBuilder.initializer(name, FloatTensor.of(new float[] {scale})));
            nodes.add(OnnxProto.node("DequantizeLinear", scaled, pixels, name));
            return scaled;
        }
        String floats = OnnxProto.freeName(graph, pixels + "_floats");
        nodes.add(OnnxProto.node("Cast", floats, pixels).toBuilder()
                .addAttribute(OnnxGraphBuilder.integer("to", DataType.FLOAT.getNumber()))
                .build());
        nodes.add(OnnxProto.node(
                "Mul",
                scaled,
                floats,
                weight(
                        graph,
                        "pixel_scale",
                        rule,
                        channel -> rule.rescaleFactor() / rule.std().get(channel))));
        return scaled;
    }

    /** Adds a weight of one value per channel, which broadcasts over the photo. */
    private static String weight(
            GraphProto.Builder graph, String wanted, Preprocessing rule, IntToDoubleFunction ofChannel) {
        float[] values = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            values[channel] = (float) ofChannel.applyAsDouble(channel);
        }
        String name = OnnxProto.freeName(graph, wanted);
        FloatTensor tensor =
                rule.layout() == Layout.NCHW ? FloatTensor.of(values, 1, 3, 1, 1) : FloatTensor.of(values, 1, 1, 1, 3);
        graph.addInitializer(OnnxGraphBuilder.initializer(name, tensor));
        return name;
    }
}
