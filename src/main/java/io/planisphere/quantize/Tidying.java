package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Simplifies a graph to as few operators as possible, without changing its results except for rounding: constants become weights,
 * no-ops are removed, batch norm and other affine operators are folded into the layer before them, chains of Relu, Min, Max and
 * Clip are merged.
 */
final class Tidying {
    private static final Set<String> NOTHING = Set.of("Identity", "Dropout");

    private Tidying() {}

    static void tidy(Network network) {
        while (network.nodes().stream().anyMatch(node -> changed(network, node))) {
            // repeat until nothing changes
        }
        network.nodes().forEach(node -> Layers.straightenGemm(network, node));
    }

    private static boolean changed(Network network, NodeProto node) {
        return switch (node.getOpType()) {
            case "Constant" -> constant(network, node);
            case "BatchNormalization" ->
                Affine.ofBatchNorm(network, node)
                        .map(affine -> affine.foldInto(network, node))
                        .orElse(false);
            case "Add", "Sub", "Mul", "Div" ->
                Affine.of(network, node)
                        .map(affine -> affine.foldInto(network, node))
                        .orElse(false);
            case "Relu", "Clip", "Min", "Max" -> clamps(network, node);
            case "ReduceMean" -> pool(network, node);
            case "Conv" -> Layers.convolutionOfAVector(network, node);
            case "MatMul" -> Layers.matMulWithBias(network, node);
            default -> NOTHING.contains(node.getOpType()) && skip(network, node);
        };
    }

    private static boolean constant(Network network, NodeProto node) {
        Optional<TensorProto> value = Network.attribute(node, "value").map(AttributeProto::getT);
        if (value.isEmpty()) {
            return false;
        }
        network.remove(node);
        if (network.isOutput(node.getOutput(0))) {
            network.addFirst(node); // rare, and fine as it is
            return false;
        }
        String name = network.add(node.getOutput(0), value.get().toBuilder());
        network.redirect(node.getOutput(0), name);
        return true;
    }

    private static boolean skip(Network network, NodeProto node) {
        String from = node.getInput(0);
        String to = node.getOutput(0);
        if (!network.isOutput(to)) {
            network.remove(node);
            network.redirect(to, from);
            return true;
        }
        Optional<NodeProto> maker = network.maker(from);
        if (maker.isEmpty() || network.isOutput(from)) {
            return false;
        }
        network.remove(node);
        network.making(maker.get(), from, to);
        network.redirect(from, to);
        return true;
    }

    /** Merges consecutive clamps into one, and writes a single one as Clip or Relu. */
    private static boolean clamps(Network network, NodeProto node) {
        Optional<Clamp> outer = Clamp.of(network, node);
        if (outer.isEmpty()) {
            return false;
        }
        String input = Clamp.dataInput(network, node);
        Optional<NodeProto> before =
                network.maker(input).filter(maker -> network.onlyUser(input).isPresent());
        Optional<Clamp> inner = before.flatMap(maker -> Clamp.of(network, maker));
        if (inner.isPresent()) {
            String source = Clamp.dataInput(network, before.orElseThrow());
            network.remove(before.orElseThrow());
            network.replace(node, inner.get().then(outer.get()).toNode(network, source, node.getOutput(0)));
            return true;
        }
        if (node.getOpType().equals("Min") || node.getOpType().equals("Max")) {
            network.replace(node, outer.get().toNode(network, input, node.getOutput(0)));
            return true;
        }
        return false;
    }

    /** Replaces a mean over height and width with a pool. */
    private static boolean pool(Network network, NodeProto node) {
        List<Long> axes = new ArrayList<>(Network.integers(node, "axes"));
        boolean overPhoto = Set.of(List.of(2L, 3L), List.of(3L, 2L), List.of(-2L, -1L), List.of(-1L, -2L))
                .contains(axes);
        if (!overPhoto || node.getInputCount() > 1 || !Layers.isPlanar(network, node.getInput(0))) {
            return false;
        }
        String made = node.getOutput(0);
        if (Network.integer(node, "keepdims", 1) == 1) {
            network.replace(node, Nodes.node("GlobalAveragePool", node.getInputList(), made));
        } else {
            String pooled = network.freeName(made + "_pooled");
            network.replace(
                    node,
                    Nodes.node("GlobalAveragePool", node.getInputList(), pooled),
                    Nodes.node("Flatten", List.of(pooled), made, OnnxGraphBuilder.integer("axis", 1)));
        }
        return true;
    }
}
