package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes a network's input to 8-bit pixels, {@code [batch, height, width, 3]}, which it normalises itself.
 *
 * <p>If the pixel value that maps to zero is the same for all channels within half a step, the unchanged pixels are the first
 * layer's 8-bit input: its zero point represents zero in padding, its weights include each channel's step, and its bias the
 * remaining offset. The result is exact except for padded borders, which deviate by at most that half step. Otherwise the pixels
 * are normalised in floats first.
 */
final class PixelInput {
    private final Network network;
    private final InputRule rule;
    private final String name;
    private final boolean folded;

    PixelInput(Network network, InputRule rule, List<NodeProto> layers) {
        this.network = network;
        this.rule = rule;
        name = network.input().getName();
        folded = rule.layout() == Layout.NCHW
                && rule.sharesZero()
                && !network.isOutput(name)
                && network.users(name).stream()
                        .allMatch(user ->
                                layers.contains(user) && user.getOpType().equals("Conv"));
    }

    String name() {
        return name;
    }

    boolean is(String value) {
        return value.equals(name);
    }

    /** Returns the scale of the 8-bit input. */
    double scale() {
        return folded ? rule.step() : whole().scale();
    }

    int zeroPoint() {
        return folded ? rule.zeroPoint() : whole().zeroPoint();
    }

    /** Returns the range of all pixel values after normalisation. */
    private Range whole() {
        double low = 0;
        double high = 0;
        for (int c = 0; c < 3; c++) {
            low = Math.min(low, -rule.zeros().get(c) * rule.steps().get(c));
            high = Math.max(high, (255 - rule.zeros().get(c)) * rule.steps().get(c));
        }
        return new Range(low, high).withZero();
    }

    /** Returns the factor that folds the rest of the normalisation into a layer's weights for a channel of a value. */
    double ratio(String value, int channel) {
        return folded && is(value) ? rule.ratio(channel) : 1;
    }

    /** Returns the part of the normalisation to add to that layer's bias, one value per output channel. */
    double[] shifts(String value, LayerWeights weights) {
        LayerShape shape = weights.shape();
        double[] shifts = new double[shape.outputs()];
        for (int i = 0; i < weights.weights().length && folded && is(value); i++) {
            int channel = shape.input(i);
            shifts[shape.output(i)] += weights.restored(i) / rule.ratio(channel) * rule.shortfall(channel);
        }
        return shifts;
    }

    /**
     * Declares the pixel input, and connects it to the readers of the float input.
     *
     * @param step names of the input's scale and zero point, if 8-bit layers take it
     */
    void write(Optional<String[]> step) {
        String last = network.freeName(name + "_normalised");
        network.redirect(name, last);
        List<NodeProto> nodes = new ArrayList<>();
        String pixels = name;
        if (rule.layout() == Layout.NCHW) {
            pixels = network.freeName(name + "_planes");
            nodes.add(Nodes.node("Transpose", List.of(name), pixels, Nodes.integers("perm", 0, 3, 1, 2)));
        }
        if (folded) {
            String[] names = step.orElseThrow();
            nodes.add(Nodes.node("DequantizeLinear", List.of(pixels, names[0], names[1]), last));
        } else {
            normalise(pixels, last, step, nodes);
        }
        network.addFirst(nodes.toArray(NodeProto[]::new));
        network.replaceInput(declaration());
    }

    private void normalise(String pixels, String last, Optional<String[]> step, List<NodeProto> nodes) {
        String cast = network.freeName(name + "_cast");
        String scaled = network.freeName(name + "_scaled");
        String exact = step.isPresent() ? network.freeName(name + "_exact") : last;
        nodes.add(Nodes.node(
                "Cast", List.of(pixels), cast, OnnxGraphBuilder.integer("to", TensorProto.DataType.FLOAT.getNumber())));
        float[] steps = new float[3];
        float[] shifts = new float[3];
        for (int c = 0; c < 3; c++) {
            steps[c] = rule.steps().get(c).floatValue();
            shifts[c] = (float) (-rule.zeros().get(c) * rule.steps().get(c));
        }
        List<Long> shape = rule.layout() == Layout.NCHW ? List.of(3L, 1L, 1L) : List.of(3L);
        nodes.add(Nodes.node(
                "Mul", List.of(cast, network.add(name + "_steps", new FloatWeights(shape, steps).toTensor())), scaled));
        nodes.add(Nodes.node(
                "Add",
                List.of(scaled, network.add(name + "_shifts", new FloatWeights(shape, shifts).toTensor())),
                exact));
        step.ifPresent(names -> {
            String counted = network.freeName(name + "_counted");
            nodes.add(Nodes.node("QuantizeLinear", List.of(exact, names[0], names[1]), counted));
            nodes.add(Nodes.node("DequantizeLinear", List.of(counted, names[0], names[1]), last));
        });
    }

    private ValueInfoProto declaration() {
        ValueInfoProto.Builder declared = network.input().toBuilder();
        TensorShapeProto shape = declared.getType().getTensorType().getShape();
        TensorShapeProto.Builder turned = TensorShapeProto.newBuilder();
        int[] order = rule.layout() == Layout.NCHW ? new int[] {0, 2, 3, 1} : new int[] {0, 1, 2, 3};
        for (int axis : order) {
            turned.addDim(shape.getDim(axis));
        }
        declared.getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.UINT8.getNumber())
                .setShape(turned);
        return declared.build();
    }
}
