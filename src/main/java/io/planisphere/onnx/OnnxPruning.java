package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reduces a graph to the parts that one of its outputs needs. */
final class OnnxPruning {
    private OnnxPruning() {}

    /** Returns the graph with only that output, and without nodes, weights and inputs that it does not need. */
    static GraphProto.Builder keepOnly(String output, GraphProto graph) {
        Set<String> needed = needed(output, graph);
        GraphProto.Builder kept = graph.toBuilder()
                .clearNode()
                .clearInitializer()
                .clearSparseInitializer()
                .clearInput()
                .clearOutput()
                .clearValueInfo()
                .clearQuantizationAnnotation();
        graph.getNodeList().stream()
                .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
                .forEach(kept::addNode);
        graph.getInitializerList().stream()
                .filter(weights -> needed.contains(weights.getName()))
                .forEach(kept::addInitializer);
        graph.getSparseInitializerList().stream()
                .filter(weights -> needed.contains(weights.getValues().getName()))
                .forEach(kept::addSparseInitializer);
        graph.getInputList().stream()
                .filter(input -> needed.contains(input.getName()))
                .forEach(kept::addInput);
        graph.getOutputList().stream()
                .filter(value -> value.getName().equals(output))
                .forEach(kept::addOutput);
        graph.getValueInfoList().stream()
                .filter(value -> needed.contains(value.getName()))
                .forEach(kept::addValueInfo);
        graph.getQuantizationAnnotationList().stream()
                .filter(annotation -> needed.contains(annotation.getTensorName()))
                .forEach(kept::addQuantizationAnnotation);
        return kept;
    }

    private static Set<String> needed(String output, GraphProto graph) {
        Map<String, NodeProto> makers = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(made -> makers.put(made, node)));
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(output);
        while (!open.isEmpty()) {
            String value = open.remove();
            // an omitted optional input has an empty name
            if (!value.isEmpty() && needed.add(value) && makers.containsKey(value)) {
                inputs(makers.get(value), open);
            }
        }
        return needed;
    }

    /**
     * Adds the names that a node reads, including those that the bodies of If, Loop and Scan may capture from the outer graph.
     */
    private static void inputs(NodeProto node, Collection<String> names) {
        names.addAll(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                bodyInputs(attribute.getG(), names);
            }
            attribute.getGraphsList().forEach(body -> bodyInputs(body, names));
        }
    }

    private static void bodyInputs(GraphProto body, Collection<String> names) {
        body.getNodeList().forEach(node -> inputs(node, names));
        body.getOutputList().forEach(output -> names.add(output.getName()));
    }
}
