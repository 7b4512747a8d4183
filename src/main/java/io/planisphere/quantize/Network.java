package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.planisphere.onnx.ShortWeights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A mutable graph: nodes in topological order, weights by name. Methods keep the names of values unless stated otherwise. */
final class Network {
    private final ModelProto file;
    private final List<NodeProto> nodes;
    private final Map<String, TensorProto> weights = new LinkedHashMap<>();
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private long operatorSet;

    private Network(ModelProto file) {
        this.file = file;
        GraphProto graph = file.getGraph();
        nodes = new ArrayList<>(graph.getNodeList());
        graph.getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
        graph.getInputList().stream()
                .filter(input -> !weights.containsKey(input.getName()))
                .forEach(inputs::add);
        operatorSet = file.getOpsetImportList().stream()
                .filter(set -> isDefault(set.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
    }

    /**
     * Reads an ONNX file.
     *
     * @throws IllegalArgumentException if it is not an ONNX file, or has branches or loops
     */
    static Network read(byte[] bytes) {
        try {
            Network network = new Network(ShortWeights.restore(ModelProto.parseFrom(bytes)));
            network.nodes.stream().filter(Network::hasBody).findFirst().ifPresent(node -> {
                throw new IllegalArgumentException("model.onnx has a " + node.getOpType() + " (" + node.getName()
                        + "), and networks with branches or loops are not quantised; export it without");
            });
            return network;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("model.onnx is no ONNX model", e);
        }
    }

    private static boolean hasBody(NodeProto node) {
        return node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0);
    }

    private static boolean isDefault(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    byte[] toBytes() {
        return toBytes(file.getGraph().getOutputList());
    }

    /** Returns the file with other outputs, without everything that none of them needs. */
    byte[] toBytes(List<ValueInfoProto> outputs) {
        Set<String> needed = needed(outputs);
        GraphProto.Builder graph = file.getGraph().toBuilder()
                .clearNode()
                .clearInitializer()
                .clearInput()
                .clearOutput()
                .clearValueInfo()
                .clearQuantizationAnnotation()
                .addAllInput(inputs)
                .addAllOutput(outputs);
        nodes.stream()
                .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
                .forEach(graph::addNode);
        weights.values().stream()
                .filter(weight -> needed.contains(weight.getName()))
                .forEach(graph::addInitializer);
        ModelProto.Builder model = file.toBuilder().setGraph(graph).clearOpsetImport();
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet));
        file.getOpsetImportList().stream()
                .filter(set -> !isDefault(set.getDomain()))
                .forEach(model::addOpsetImport);
        // since version 4 initializers need not be inputs
        return model.setIrVersion(Math.max(file.getIrVersion(), 7)).build().toByteArray();
    }

    private Set<String> needed(List<ValueInfoProto> outputs) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        outputs.forEach(output -> open.add(output.getName()));
        while (!open.isEmpty()) {
            String value = open.remove();
            if (needed.add(value)) {
                maker(value).ifPresent(node -> open.addAll(node.getInputList()));
            }
        }
        return needed;
    }

    long operatorSet() {
        return operatorSet;
    }

    void raiseOperatorSet(long version) {
        operatorSet = version;
    }

    /** Returns a copy of the nodes in topological order. */
    List<NodeProto> nodes() {
        return List.copyOf(nodes);
    }

    List<ValueInfoProto> outputs() {
        return file.getGraph().getOutputList();
    }

    ValueInfoProto input() {
        return inputs.get(0);
    }

    void replaceInput(ValueInfoProto declared) {
        inputs.set(0, declared);
    }

    boolean isOutput(String value) {
        return outputs().stream().anyMatch(output -> output.getName().equals(value));
    }

    Optional<NodeProto> maker(String value) {
        return value.isEmpty()
                ? Optional.empty()
                : nodes.stream()
                        .filter(node -> node.getOutputList().contains(value))
                        .findFirst();
    }

    List<NodeProto> users(String value) {
        return nodes.stream()
                .filter(node -> node.getInputList().contains(value))
                .toList();
    }

    /** Returns the only node that reads the value; empty if there are several, or the value is an output. */
    Optional<NodeProto> onlyUser(String value) {
        List<NodeProto> users = users(value);
        return users.size() == 1 && !isOutput(value) ? Optional.of(users.get(0)) : Optional.empty();
    }

    boolean isWeight(String name) {
        return weights.containsKey(name);
    }

    Optional<TensorProto> weight(String name) {
        return Optional.ofNullable(weights.get(name));
    }

    /** Returns the weights of that name, if they are floats. */
    Optional<FloatWeights> floats(String name) {
        return weight(name).flatMap(FloatWeights::of);
    }

    List<TensorProto> weights() {
        return List.copyOf(weights.values());
    }

    /** Adds weights under an unused name, and returns the name. */
    String add(String wanted, TensorProto.Builder weight) {
        String name = freeName(wanted);
        weights.put(name, weight.setName(name).build());
        return name;
    }

    /** Replaces the values of weights. */
    void set(String name, FloatWeights changed) {
        weights.put(name, changed.toTensor().setName(name).build());
    }

    /** Removes weights, so that another value can have their name. */
    void removeWeight(String name) {
        weights.remove(name);
    }

    String freeName(String wanted) {
        String name = wanted;
        for (int i = 1; isTaken(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    private boolean isTaken(String name) {
        return weights.containsKey(name)
                || maker(name).isPresent()
                || inputs.stream().anyMatch(input -> input.getName().equals(name));
    }

    /** Adds a node at the end. */
    void add(NodeProto node) {
        nodes.add(node);
    }

    void remove(NodeProto node) {
        nodes.remove(node);
    }

    void replace(NodeProto node, NodeProto... others) {
        int at = nodes.indexOf(node);
        nodes.remove(at);
        nodes.addAll(at, List.of(others));
    }

    /** Replaces the node with the same operator and inputs as {@code node}, regardless of the current name of its output. */
    void replaceReaders(NodeProto node, NodeProto other) {
        NodeProto present = nodes.stream()
                .filter(found -> found.getOpType().equals(node.getOpType())
                        && found.getInputList().equals(node.getInputList()))
                .findFirst()
                .orElseThrow();
        NodeProto.Builder changed = other.toBuilder().clearOutput().addAllOutput(present.getOutputList());
        nodes.set(nodes.indexOf(present), changed.build());
    }

    void addFirst(NodeProto... first) {
        nodes.addAll(0, List.of(first));
    }

    void addAfter(NodeProto node, NodeProto... next) {
        nodes.addAll(nodes.indexOf(node) + 1, List.of(next));
    }

    /** Makes all readers of one value read another. */
    void redirect(String from, String to) {
        nodes.replaceAll(node -> node.getInputList().contains(from) ? reading(node, from, to) : node);
    }

    static NodeProto reading(NodeProto node, String from, String to) {
        NodeProto.Builder changed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> changed.addInput(input.equals(from) ? to : input));
        return changed.build();
    }

    /** Returns the node with one of its outputs renamed. */
    NodeProto making(NodeProto node, String from, String to) {
        NodeProto.Builder changed = node.toBuilder().clearOutput();
        node.getOutputList().forEach(output -> changed.addOutput(output.equals(from) ? to : output));
        NodeProto made = changed.build();
        nodes.set(nodes.indexOf(node), made);
        return made;
    }

    static Optional<AttributeProto> attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    static long integer(NodeProto node, String name, long otherwise) {
        return attribute(node, name).map(AttributeProto::getI).orElse(otherwise);
    }

    static double number(NodeProto node, String name, double otherwise) {
        return attribute(node, name).map(a -> (double) a.getF()).orElse(otherwise);
    }

    static List<Long> integers(NodeProto node, String name) {
        return attribute(node, name).map(AttributeProto::getIntsList).orElse(List.of());
    }
}
