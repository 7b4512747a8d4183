package io.planisphere.cost;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The learnt constants of a graph; each counts once, for the first operator that uses it. */
final class Parameters {
    /** Operators that keep a constant the same constant. */
    private static final Set<String> KEEPING =
            Set.of("Identity", "DequantizeLinear", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Flatten");

    /** Operators whose constants are sizes or positions rather than learnt parameters. */
    private static final Set<String> WITHOUT = Set.of(
            "Clip", "Pad", "Resize", "Slice", "Upsample", "Expand", "Tile", "QuantizeLinear", "DequantizeLinear");

    private final Map<String, Long> elements = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Set<String> counted = new HashSet<>();

    Parameters(GraphProto graph) {
        graph.getInitializerList().forEach(tensor -> found(tensor.getName(), tensor));
    }

    private void found(String name, TensorProto tensor) {
        origins.put(name, name);
        elements.put(
                name,
                ConstantTensors.isParameter(tensor)
                        ? tensor.getDimsList().stream().reduce(1L, Math::multiplyExact)
                        : 0L);
    }

    /** Returns whether the value is a constant of the file, which does not count as activation memory. */
    boolean holds(String value) {
        return origins.containsKey(value);
    }

    /** Tracks constants through a node; returns true if the node does nothing else. */
    boolean follows(NodeProto node) {
        if (node.getOpType().equals("Constant")) {
            node.getAttributeList().stream()
                    .filter(AttributeProto::hasT)
                    .forEach(value -> found(node.getOutput(0), value.getT()));
            origins.putIfAbsent(node.getOutput(0), node.getOutput(0));
            return true;
        }
        if (node.getInputCount() == 0 || !node.getInputList().stream().allMatch(in -> in.isEmpty() || holds(in))) {
            return false;
        }
        String first = node.getInput(0);
        for (String output : node.getOutputList()) {
            origins.put(output, KEEPING.contains(node.getOpType()) ? origins.getOrDefault(first, first) : output);
        }
        return true;
    }

    /** Returns the number of elements of an input that no operator has counted yet, and marks them as counted. */
    long take(NodeProto node, int input) {
        String name = input < node.getInputCount() ? node.getInput(input) : "";
        String origin = origins.get(name);
        if (origin == null || WITHOUT.contains(node.getOpType()) || !counted.add(origin)) {
            return 0;
        }
        return elements.getOrDefault(origin, 0L);
    }
}
