package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The declarations of an ONNX file: its inputs, its outputs and the operators that compute them. Weights are not kept.
 *
 * @param opset version of the default operator set
 * @param inputs inputs that a caller passes, without initializers, which old exporters also list as inputs
 * @param outputs outputs in the order of the file
 * @param makers for each output computed by a node, the operator that computes its values ("Softmax"), ignoring operators that
 *     only rename or reshape
 */
public record OnnxModel(long opset, List<Tensor> inputs, List<Tensor> outputs, Map<String, String> makers) {
    private static final byte[] GIT_LFS_POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private static final Set<String> RESHAPING =
            Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Dropout");

    public OnnxModel {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        makers = Map.copyOf(makers);
    }

    /**
     * One declared input or output.
     *
     * @param elementType ONNX's name, upper case: FLOAT, UINT8, FLOAT16, …
     * @param shape shape; empty if the file does not declare the rank
     */
    public record Tensor(String name, String elementType, Optional<List<Dim>> shape) {}

    /** One axis of a shape. */
    public sealed interface Dim {
        /** A fixed number of elements. */
        record Fixed(long size) implements Dim {
            @Override
            public String toString() {
                return Long.toString(size);
            }
        }

        /** A dynamic axis, known only at run time; the name is empty if the file has none. */
        record Symbolic(String name) implements Dim {
            @Override
            public String toString() {
                return name.isEmpty() ? "?" : name;
            }
        }
    }

    /**
     * Reads the declarations from the bytes of an ONNX file.
     *
     * @param name name of the file for messages
     * @throws IllegalArgumentException if the bytes are not an ONNX model
     */
    public static OnnxModel read(String name, byte[] bytes) {
        if (startsWith(bytes, GIT_LFS_POINTER)) {
            throw new IllegalArgumentException(
                    name + " is a Git LFS pointer, not the model; fetch the file itself with git lfs pull");
        }
        ModelProto model;
        try {
            model = ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    name + " is no ONNX model (" + bytes.length
                            + " bytes that do not parse); export the network to ONNX",
                    e);
        }
        GraphProto graph = model.getGraph();
        // Almost any short byte string parses as some protobuf message; a model has a version, an operator set and
        // outputs.
        if (model.getIrVersion() == 0 || model.getOpsetImportCount() == 0 || graph.getOutputCount() == 0) {
            throw new IllegalArgumentException(name + " is no ONNX model (" + bytes.length
                    + " bytes without version, operator set or outputs); export the network to ONNX");
        }
        Set<String> initializers =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        return new OnnxModel(
                defaultOpset(model),
                graph.getInputList().stream()
                        .filter(input -> !initializers.contains(input.getName()))
                        .map(OnnxModel::tensor)
                        .toList(),
                graph.getOutputList().stream().map(OnnxModel::tensor).toList(),
                makersOf(graph));
    }

    /** Returns the declared output of that name. */
    public Optional<Tensor> output(String name) {
        return outputs.stream().filter(output -> output.name().equals(name)).findFirst();
    }

    private static long defaultOpset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
    }

    private static Map<String, String> makersOf(GraphProto graph) {
        Map<String, NodeProto> nodes = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> nodes.put(output, node)));
        Map<String, String> makers = new HashMap<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            NodeProto node = nodes.get(output.getName());
            // Nodes are in topological order, so a chain longer than the number of nodes is a cycle in a broken file.
            for (int i = 0; i < nodes.size() && node != null && reshapes(node); i++) {
                node = nodes.get(node.getInput(0));
            }
            if (node != null) {
                makers.put(output.getName(), node.getOpType());
            }
        }
        return makers;
    }

    private static boolean reshapes(NodeProto node) {
        return RESHAPING.contains(node.getOpType()) && node.getInputCount() > 0;
    }

    private static Tensor tensor(ValueInfoProto value) {
        var type = value.getType().getTensorType();
        TensorProto.DataType elementType = TensorProto.DataType.forNumber(type.getElemType());
        return new Tensor(
                value.getName(),
                elementType == null ? "type " + type.getElemType() : elementType.name(),
                type.hasShape()
                        ? Optional.of(type.getShape().getDimList().stream()
                                .map(OnnxModel::dim)
                                .toList())
                        : Optional.empty());
    }

    private static Dim dim(TensorShapeProto.Dimension dimension) {
        // Some exporters write a dynamic axis as 0 or -1.
        return dimension.getDimValue() > 0
                ? new Dim.Fixed(dimension.getDimValue())
                : new Dim.Symbolic(dimension.getDimParam());
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
