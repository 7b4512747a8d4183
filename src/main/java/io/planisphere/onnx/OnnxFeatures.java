package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The feature vector of a classifier that does not output it: the input of its last layer.
 *
 * @param network ONNX file with the feature vector as an additional output
 * @param output name of that output
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OnnxFeatures(byte[] network, String output) {
    /** Operators between the last layer and the scores; further inputs of these are weights. */
    private static final Set<String> AFTER_THE_LAYER =
            Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Softmax", "Sigmoid", "Add");

    private static final Set<String> LAYERS = Set.of("Gemm", "MatMul", "Conv");

    /**
     * Finds the layer that computes the scores.
     *
     * @param network ONNX file that {@link OnnxModel#read} accepts
     * @param scores name of an output
     * @return the feature vector; empty if the scores do not come from a layer with weights
     */
    public static Optional<OnnxFeatures> of(byte[] network, String scores) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(network);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("This is no ONNX model", e);
        }
        return features(model.getGraph(), scores).map(features -> {
            ModelProto.Builder exposed = model.toBuilder();
            exposed.getGraphBuilder()
                    .addOutput(ValueInfoProto.newBuilder()
                            .setName(features)
                            .setType(TypeProto.newBuilder()
                                    .setTensorType(TypeProto.Tensor.newBuilder()
                                            .setElemType(TensorProto.DataType.FLOAT.getNumber()))));
            return new OnnxFeatures(exposed.build().toByteArray(), features);
        });
    }

    private static Optional<String> features(GraphProto graph, String scores) {
        Map<String, NodeProto> makers = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> makers.put(output, node)));
        Set<String> given = new HashSet<>();
        graph.getInitializerList().forEach(weights -> given.add(weights.getName()));
        graph.getInputList().forEach(input -> given.add(input.getName()));
        graph.getOutputList().forEach(output -> given.add(output.getName()));

        NodeProto node = makers.get(scores);
        // Nodes are in topological order, so a chain longer than the number of nodes is a cycle in a broken file.
        for (int i = 0; i < graph.getNodeCount() && node != null; i++) {
            if (LAYERS.contains(node.getOpType())) {
                String features = node.getInput(0);
                return given.contains(features) ? Optional.empty() : Optional.of(features);
            }
            node = AFTER_THE_LAYER.contains(node.getOpType()) ? maker(node, makers) : null;
        }
        return Optional.empty();
    }

    private static NodeProto maker(NodeProto node, Map<String, NodeProto> makers) {
        return node.getInputList().stream()
                .map(makers::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(NodeProto::getDefaultInstance);
    }
}
