package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Helpers for Conv, Gemm and MatMul nodes whose weights are in the file. */
final class Layers {
    private static final Set<String> PLANAR =
            Set.of("Conv", "GlobalAveragePool", "AveragePool", "MaxPool", "BatchNormalization");
    private static final Set<String> ELEMENTWISE = Set.of(
            "Relu", "Clip", "Add", "Sub", "Mul", "Div", "Min", "Max", "Identity", "HardSwish", "Sigmoid", "LeakyRelu");

    private Layers() {}

    /** Returns whether a value is known to have the axes batch, channels, height and width. */
    static boolean isPlanar(Network network, String value) {
        Optional<NodeProto> maker = network.maker(value);
        return maker.filter(node -> PLANAR.contains(node.getOpType())).isPresent()
                || maker.filter(node -> ELEMENTWISE.contains(node.getOpType()))
                        .filter(node -> node.getInputList().stream().anyMatch(input -> isPlanar(network, input)))
                        .isPresent();
    }

    /** Returns whether the node is a Conv or a Gemm with weights and bias in the file. */
    static boolean hasFixedWeights(Network network, NodeProto node) {
        boolean fixedBias = node.getInputCount() < 3
                || network.floats(node.getInput(2))
                        .filter(bias -> bias.size() == 1 || bias.size() == outputs(network, node))
                        .isPresent();
        boolean kind = node.getOpType().equals("Conv") || isPlainGemm(node);
        return kind && network.floats(node.getInput(1)).isPresent() && fixedBias;
    }

    private static boolean isPlainGemm(NodeProto node) {
        return node.getOpType().equals("Gemm")
                && Network.number(node, "alpha", 1) == 1
                && Network.number(node, "beta", 1) == 1
                && Network.integer(node, "transA", 0) == 0;
    }

    /** Returns the number of output channels of a layer. */
    static int outputs(Network network, NodeProto layer) {
        List<Long> shape = network.weight(layer.getInput(1)).orElseThrow().getDimsList();
        return Math.toIntExact(shape.get(outputsFirst(layer) ? 0 : 1));
    }

    /** Returns the number of input channels of a layer. */
    static int inputs(Network network, NodeProto layer) {
        List<Long> shape = network.weight(layer.getInput(1)).orElseThrow().getDimsList();
        return Math.toIntExact(
                layer.getOpType().equals("Conv")
                        ? shape.get(1) * Network.integer(layer, "group", 1)
                        : shape.get(outputsFirst(layer) ? 1 : 0));
    }

    private static boolean outputsFirst(NodeProto layer) {
        return layer.getOpType().equals("Conv") || Network.integer(layer, "transB", 0) == 1;
    }

    /** Returns the output channel of a weight. */
    static int outputOf(Network network, NodeProto layer, FloatWeights weights, int index) {
        return outputsFirst(layer) ? index / weights.perFirst() : index % outputs(network, layer);
    }

    /** Returns one bias per output channel; zeros if the layer has none. */
    static double[] bias(Network network, NodeProto layer) {
        double[] bias = new double[outputs(network, layer)];
        if (layer.getInputCount() > 2 && !layer.getInput(2).isEmpty()) {
            float[] given = network.floats(layer.getInput(2)).orElseThrow().values();
            for (int c = 0; c < bias.length; c++) {
                bias[c] = given[given.length == 1 ? 0 : c];
            }
        }
        return bias;
    }

    /** Replaces a 1 x 1 convolution after a global pool, followed by a Flatten, with a fully connected layer. */
    static boolean convolutionOfAVector(Network network, NodeProto node) {
        Optional<NodeProto> pool = network.maker(node.getInput(0))
                .filter(maker -> maker.getOpType().equals("GlobalAveragePool"));
        Optional<NodeProto> flatten = network.onlyUser(node.getOutput(0))
                .filter(user -> user.getOpType().equals("Flatten") && Network.integer(user, "axis", 1) == 1);
        if (pool.isEmpty() || flatten.isEmpty() || !hasFixedWeights(network, node)) {
            return false;
        }
        FloatWeights kernel = network.floats(node.getInput(1)).orElseThrow();
        List<Long> shape = kernel.shape();
        boolean dense = shape.equals(List.of(shape.get(0), shape.get(1), 1L, 1L))
                && Network.integer(node, "group", 1) == 1
                && Network.integers(node, "pads").stream().allMatch(pad -> pad == 0);
        if (!dense) {
            return false;
        }
        String flat = network.freeName(node.getInput(0) + "_flat");
        FloatWeights matrix = new FloatWeights(List.of(shape.get(0), shape.get(1)), kernel.values()).transposed();
        List<String> inputs =
                new ArrayList<>(List.of(flat, network.add(node.getInput(1) + "_matrix", matrix.toTensor())));
        inputs.add(network.add(
                node.getInput(1) + "_bias",
                FloatWeights.vector(bias(network, node)).toTensor()));
        String made = flatten.get().getOutput(0);
        network.remove(flatten.get());
        network.replace(
                node,
                Nodes.node("Flatten", List.of(node.getInput(0)), flat, OnnxGraphBuilder.integer("axis", 1)),
                Nodes.node("Gemm", inputs, made));
        return true;
    }

    /** Replaces a matrix product and the bias after it with a Gemm, if the values are known to be one vector per photo. */
    static boolean matMulWithBias(Network network, NodeProto node) {
        boolean vectors = network.maker(node.getInput(0))
                .filter(maker -> Set.of("Flatten", "Gemm").contains(maker.getOpType()))
                .isPresent();
        Optional<NodeProto> add = network.onlyUser(node.getOutput(0))
                .filter(user -> user.getOpType().equals("Add"));
        Optional<FloatWeights> matrix = network.floats(node.getInput(1))
                .filter(weights -> weights.shape().size() == 2);
        if (!vectors || add.isEmpty() || matrix.isEmpty()) {
            return false;
        }
        String bias = add.get().getInput(0).equals(node.getOutput(0))
                ? add.get().getInput(1)
                : add.get().getInput(0);
        int outputs = Math.toIntExact(matrix.get().shape().get(1));
        Optional<float[]> shift = network.floats(bias).flatMap(given -> given.perChannel(outputs, 0));
        if (shift.isEmpty()) {
            return false;
        }
        String flatBias =
                network.add(bias + "_flat", new FloatWeights(List.of((long) outputs), shift.get()).toTensor());
        String made = add.get().getOutput(0);
        network.remove(add.get());
        network.replace(node, Nodes.node("Gemm", List.of(node.getInput(0), node.getInput(1), flatBias), made));
        return true;
    }

    /** Transposes the weights of a fully connected layer to {@code [inputs, outputs]}, which ONNX Runtime packs once. */
    static void straightenGemm(Network network, NodeProto node) {
        if (!node.getOpType().equals("Gemm")
                || !hasFixedWeights(network, node)
                || Network.integer(node, "transB", 0) == 0) {
            return;
        }
        NodeProto.Builder straight = node.toBuilder().clearAttribute();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (!attribute.getName().equals("transB")) {
                straight.addAttribute(attribute);
            }
        }
        FloatWeights turned = network.floats(node.getInput(1)).orElseThrow().transposed();
        straight.setInput(1, network.add(node.getInput(1) + "_turned", turned.toTensor()));
        network.replace(node, straight.build());
    }
}
