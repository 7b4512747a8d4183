package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Converts a graph to operator set 13, the first with a scale per channel, if its operators have changed only in form: attributes
 * became inputs.
 */
final class OperatorSets {
    static final long NEEDED = 13;
    private static final long OLDEST = 9;

    /** Operators with the same semantics in 13 as in 9. */
    private static final Set<String> UNCHANGED = Set.of(
            "Abs",
            "Add",
            "AveragePool",
            "BatchNormalization",
            "Cast",
            "Concat",
            "Constant",
            "Conv",
            "Div",
            "Exp",
            "Flatten",
            "Gather",
            "Gemm",
            "GlobalAveragePool",
            "Identity",
            "LeakyRelu",
            "MatMul",
            "Max",
            "MaxPool",
            "Min",
            "Mul",
            "Neg",
            "PRelu",
            "Pow",
            "ReduceMean",
            "Relu",
            "Reshape",
            "Shape",
            "Sigmoid",
            "Sqrt",
            "Sub",
            "Tanh",
            "Transpose");

    private OperatorSets() {}

    /** @throws IllegalArgumentException if the semantics of an operator have changed */
    static void raise(Network network) {
        long version = network.operatorSet();
        if (version >= NEEDED) {
            return;
        }
        for (NodeProto node : network.nodes()) {
            if (version < OLDEST || !raised(network, node)) {
                throw new IllegalArgumentException("model.onnx has operator set " + version + " and a "
                        + node.getOpType() + ", which cannot be brought to operator set " + NEEDED
                        + "; export it with " + NEEDED + " or newer");
            }
        }
        network.raiseOperatorSet(NEEDED);
    }

    private static boolean raised(Network network, NodeProto node) {
        switch (node.getOpType()) {
            case "Clip" -> clip(network, node);
            case "Slice" -> attributesToInputs(network, node, "starts", "ends", "axes");
            case "Squeeze", "Unsqueeze" -> attributesToInputs(network, node, "axes");
            case "Softmax" -> {
                return softmax(network, node);
            }
            default -> {
                return UNCHANGED.contains(node.getOpType());
            }
        }
        return true;
    }

    private static void clip(Network network, NodeProto node) {
        if (node.getInputCount() > 1) {
            return;
        }
        List<String> inputs = new ArrayList<>(node.getInputList());
        for (String bound : List.of("min", "max")) {
            double unbounded = bound.equals("min") ? -Float.MAX_VALUE : Float.MAX_VALUE;
            inputs.add(network.add(
                    node.getOutput(0) + "_" + bound,
                    FloatWeights.scalar(Network.number(node, bound, unbounded)).toTensor()));
        }
        network.replace(node, Nodes.node("Clip", inputs, node.getOutput(0)));
    }

    private static void attributesToInputs(Network network, NodeProto node, String... names) {
        if (Network.attribute(node, names[0]).isEmpty()) {
            return;
        }
        List<String> inputs = new ArrayList<>(node.getInputList());
        for (String name : names) {
            List<Long> given = Network.integers(node, name);
            LongStream values = given.isEmpty() // Slice without axes applies to the first ones
                    ? LongStream.range(0, Network.integers(node, names[0]).size())
                    : given.stream().mapToLong(Long::longValue);
            inputs.add(network.add(node.getOutput(0) + "_" + name, Nodes.longs(values.toArray())));
        }
        network.replace(node, Nodes.node(node.getOpType(), inputs, node.getOutput(0)));
    }

    /**
     * Converts a Softmax, which used to apply to all axes from the given one on and now applies to that one only; both are equal
     * for the last axis.
     */
    private static boolean softmax(Network network, NodeProto node) {
        long axis = Network.integer(node, "axis", 1);
        boolean last = axis == -1 || isLast(network, node, axis);
        if (last) {
            network.replace(
                    node,
                    Nodes.node(
                            "Softmax", node.getInputList(), node.getOutput(0), OnnxGraphBuilder.integer("axis", -1)));
        }
        return last;
    }

    private static boolean isLast(Network network, NodeProto node, long axis) {
        String made = node.getOutput(0);
        return network.outputs().stream()
                .filter(output -> output.getName().equals(made))
                .anyMatch(output -> output.getType().getTensorType().getShape().getDimCount() == axis + 1);
    }
}
