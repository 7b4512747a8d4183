package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which operators of a simplified graph compute in 8 bits, and which values are 8-bit: all inputs and outputs of layers
 * with weights; other operators only if their output goes to such a layer.
 */
final class QuantizationPlan {
    /** Operators with integer kernels, which have separate scales for inputs and outputs. */
    private static final Set<String> BETWEEN =
            Set.of("Add", "Mul", "Concat", "GlobalAveragePool", "AveragePool", "Sigmoid", "LeakyRelu");

    /** Operators that move values without changing them, so inputs and outputs share a scale. */
    private static final Set<String> MOVING =
            Set.of("Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "MaxPool", "Slice", "Gather");

    private static final Set<String> NO_FLOATS =
            Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "Cast", "DequantizeLinear", "QuantizeLinear");

    private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

    private final Network network;
    private final Set<String> floats = new HashSet<>();
    private final Set<NodeProto> quantised = new HashSet<>();
    private final Set<NodeProto> first = new HashSet<>();
    private final Set<String> values = new LinkedHashSet<>();
    private final Map<String, NodeProto> clamps = new LinkedHashMap<>();
    private final Map<String, String> sharing = new HashMap<>();

    /** @param floatLayers number of first layers with weights that stay in floats */
    QuantizationPlan(Network network, int floatLayers) {
        this.network = network;
        findFloats();
        List<NodeProto> nodes = network.nodes();
        nodes.stream().filter(this::isLayer).limit(floatLayers).forEach(first::add);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            decide(nodes.get(i));
        }
        nodes.stream().filter(quantised::contains).forEach(this::holdValues);
    }

    private void findFloats() {
        floats.add(network.input().getName());
        for (NodeProto node : network.nodes()) {
            if (!NO_FLOATS.contains(node.getOpType())
                    && node.getInputList().stream().anyMatch(floats::contains)) {
                floats.addAll(node.getOutputList());
            }
        }
    }

    private void decide(NodeProto node) {
        boolean between = BETWEEN.contains(node.getOpType()) && allActivations(node);
        boolean moving = MOVING.contains(node.getOpType()) && floats.contains(node.getInput(0));
        if ((isLayer(node) && !first.contains(node)) || ((between || moving) && feedsQuantised(made(node)))) {
            quantised.add(node);
        }
    }

    private boolean allActivations(NodeProto node) {
        return node.getInputList().stream().allMatch(floats::contains);
    }

    private boolean isLayer(NodeProto node) {
        boolean product = node.getOpType().equals("MatMul")
                && network.floats(node.getInput(1))
                        .filter(weights -> weights.shape().size() == 2)
                        .isPresent();
        return floats.contains(node.getInputCount() > 0 ? node.getInput(0) : "")
                && (product || Layers.hasFixedWeights(network, node));
    }

    private boolean feedsQuantised(String value) {
        return network.users(value).stream().anyMatch(quantised::contains);
    }

    /** Returns the node's output, or the output of a clamp directly after it. */
    String made(NodeProto node) {
        return clampOn(node).map(clamp -> clamp.getOutput(0)).orElse(node.getOutput(0));
    }

    private Optional<NodeProto> clampOn(NodeProto node) {
        return network.onlyUser(node.getOutput(0))
                .filter(user -> Clamp.of(network, user).isPresent());
    }

    private void holdValues(NodeProto node) {
        activations(node).forEach(values::add);
        String made = made(node);
        boolean mayEndInFloats =
                node.getOpType().equals("Gemm") || node.getOpType().equals("MatMul");
        if (mayEndInFloats && !feedsQuantised(made)) {
            return;
        }
        values.add(made);
        clampOn(node).ifPresent(clamp -> clamps.put(made, clamp));
        if (MOVING.contains(node.getOpType()) && made.equals(node.getOutput(0))) {
            sharing.put(made, node.getInput(0));
        }
    }

    private List<String> activations(NodeProto node) {
        return BETWEEN.contains(node.getOpType())
                ? node.getInputList()
                : List.of(node.getInput(0)); // the other inputs are weights and shapes
    }

    /** Returns the nodes with weights that compute in 8 bits. */
    List<NodeProto> layers() {
        return network.nodes().stream()
                .filter(quantised::contains)
                .filter(this::isLayer)
                .toList();
    }

    /** Returns the values that are 8-bit, in the order of the graph. */
    Set<String> values() {
        return values;
    }

    /** Returns the clamp before a value that the 8-bit range makes redundant. */
    Optional<NodeProto> clamp(String value) {
        return Optional.ofNullable(clamps.get(value));
    }

    /** Returns the value whose range a moved value has. */
    String source(String value) {
        String source = value;
        while (sharing.containsKey(source)) {
            source = sharing.getOrDefault(source, source);
        }
        return source;
    }

    /** Returns the channels of a value that a layer takes; 1 if they do not matter. */
    int channels(String value) {
        return layers().stream()
                .filter(layer -> layer.getInput(0).equals(value))
                .mapToInt(layer -> Layers.inputs(network, layer))
                .findFirst()
                .orElse(1);
    }

    /** Returns what stays in floats, and why, one line each. */
    List<String> keptInFloats() {
        List<String> kept = new ArrayList<>();
        Map<String, Integer> others = new TreeMap<>();
        Set<NodeProto> merged = new HashSet<>(clamps.values());
        for (NodeProto node : network.nodes()) {
            if (quantised.contains(node) || merged.contains(node) || !floats.contains(node.getOutput(0))) {
                continue;
            }
            if (first.contains(node)) {
                kept.add(node.getOpType() + " " + node.getOutput(0) + " stays in floats, as it is one of the first");
            } else if (LAYERS.contains(node.getOpType())) {
                kept.add(node.getOpType() + " " + node.getOutput(0) + " stays in floats: "
                        + (node.getOpType().equals("ConvTranspose")
                                ? "ONNX Runtime has no 8-bit kernel for it"
                                : "its weights are not in the file"));
            } else {
                others.merge(node.getOpType(), 1, Integer::sum);
            }
        }
        if (!others.isEmpty()) {
            StringBuilder list = new StringBuilder("In floats, as no 8-bit layer follows or there is no kernel:");
            others.forEach(
                    (type, count) -> list.append(' ').append(count).append(' ').append(type));
            kept.add(list.toString());
        }
        return kept;
    }
}
