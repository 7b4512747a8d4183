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
 * What an ONNX file declares: its inputs, its outputs and what makes them. Weights are not kept.
 *
 * @param opset version of the default operator set
 * @param inputs what a caller feeds; initializers, which old exporters list as inputs too, are left out
 * @param outputs in the order of the file
 * @param makers for each output made by a node, the operator that computes its values ("Softmax"), seen through operators
 *     that only rename or reshape
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
     * @param shape empty where the file does not even state the rank
     */
    public record Tensor(String name, String elementType, Optional<List<Dim>> shape) {}

    /** One axis of a shape. */
    public sealed interface Dim {
        /** As many elements as stated. */
        record Fixed(long size) implements Dim {
            @Override
            public String toString() {
                return Long.toString(size);
            }
        }

        /** Known at run time only; the name is empty where the file gives none. */
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
     * @param name what messages call the file
     * @throws IllegalArgumentException if the bytes are no ONNX model, or one whose weights lie in other files
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
        graph.getInitializerList().stream()
                .filter(weights -> weights.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
                .findFirst()
                .ifPresent(weights -> {
                    throw new IllegalArgumentException(name + " keeps its weights in another file (" + weights.getName()
                            + "); save the model as one file, without external data");
                });
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

    /** The declared output of that name. */
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
            // Nodes stand in topological order, so a longer chain than there are nodes is a broken file's circle.
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
        // Some exporters write a free axis as 0 or -1.
        return dimension.getDimValue() > 0
                ? new Dim.Fixed(dimension.getDimValue())
                : new Dim.Symbolic(dimension.getDimParam());
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
