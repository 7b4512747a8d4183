package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Tensors that an ONNX file keeps in other files beside it (ONNX's external data). */
public final class ExternalData {
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";

    private ExternalData() {}

    /**
     * Returns the files that a network keeps tensors in, by location relative to the network's own file, each with the smallest
     * size that holds its tensors; empty if the bytes are not an ONNX model.
     *
     * @throws IllegalArgumentException if a tensor's location, offset or length is missing or malformed
     */
    public static Map<String, Long> files(String name, byte[] network) {
        Map<String, Long> files = new TreeMap<>();
        try {
            visit(ModelProto.parseFrom(network).toBuilder(), tensor -> {
                if (isExternal(tensor)) {
                    long end = Math.addExact(number(name, tensor, OFFSET), number(name, tensor, LENGTH));
                    files.merge(location(name, tensor), end, Math::max);
                }
            });
        } catch (InvalidProtocolBufferException e) {
            return Map.of(); // OnnxModel.read says so
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + " has external data beyond any file; export it again", e);
        }
        return files;
    }

    /**
     * Returns the network with the locations of its external data relative to the folder of its package.
     *
     * @param name path of its file from that folder, with slashes
     */
    public static byte[] relativeToPackage(String name, byte[] network) {
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        if (folder.isEmpty() || files(name, network).isEmpty()) {
            return network;
        }
        return moved(name, network, location -> folder + location);
    }

    /** Returns the network with other locations of its external data. */
    public static byte[] moved(String name, byte[] network, UnaryOperator<String> location) {
        ModelProto.Builder model = OnnxProto.parse(name, network);
        visit(model, tensor -> {
            if (isExternal(tensor)) {
                tensor.getExternalDataBuilderList().stream()
                        .filter(entry -> entry.getKey().equals(LOCATION))
                        .forEach(entry -> entry.setValue(location.apply(entry.getValue())));
            }
        });
        return model.build().toByteArray();
    }

    /**
     * Refuses a network with external data where only its own file can be read.
     *
     * @throws IllegalArgumentException if it has some
     */
    public static void refuse(String name, byte[] network) {
        files(name, network).keySet().stream().findFirst().ifPresent(file -> {
            throw new IllegalArgumentException(name + " keeps its weights in another file (" + file
                    + "); save the model as one file, without external data");
        });
    }

    /** Returns the raw little-endian values of a tensor in a file of their own. */
    static TensorProto whole(String name, TensorProto.DataType type, String file, long bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry(LOCATION, file))
                .addExternalData(entry(OFFSET, "0"))
                .addExternalData(entry(LENGTH, Long.toString(bytes)));
        for (long axis : shape) {
            tensor.addDims(axis);
        }
        return tensor.build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static boolean isExternal(TensorProto.Builder tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    private static String location(String name, TensorProto.Builder tensor) {
        String location = value(tensor, LOCATION);
        if (location.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " does not say where the external data of " + tensor.getName() + " is; export it again");
        }
        return location;
    }

    private static long number(String name, TensorProto.Builder tensor, String key) {
        String value = value(tensor, key);
        if (!value.matches("\\d{0,18}")) {
            throw new IllegalArgumentException(name + " gives the external data of " + tensor.getName() + " the " + key
                    + " " + value + "; export it again");
        }
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    private static String value(TensorProto.Builder tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst()
                .orElse("");
    }

    /** Visits every tensor of a file: weights, and constants in attributes, of all graphs and functions. */
    private static void visit(ModelProto.Builder model, Consumer<TensorProto.Builder> visitor) {
        visit(model.getGraphBuilder(), visitor);
        model.getFunctionsBuilderList()
                .forEach(function -> function.getNodeBuilderList().forEach(node -> visit(node, visitor)));
    }

    private static void visit(GraphProto.Builder graph, Consumer<TensorProto.Builder> visitor) {
        graph.getInitializerBuilderList().forEach(visitor);
        graph.getSparseInitializerBuilderList().forEach(sparse -> visit(sparse, visitor));
        graph.getNodeBuilderList().forEach(node -> visit(node, visitor));
    }

    private static void visit(NodeProto.Builder node, Consumer<TensorProto.Builder> visitor) {
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.hasT()) {
                visitor.accept(attribute.getTBuilder());
            }
            attribute.getTensorsBuilderList().forEach(visitor);
            if (attribute.hasSparseTensor()) {
                visit(attribute.getSparseTensorBuilder(), visitor);
            }
            attribute.getSparseTensorsBuilderList().forEach(sparse -> visit(sparse, visitor));
            if (attribute.hasG()) {
                visit(attribute.getGBuilder(), visitor);
            }
            attribute.getGraphsBuilderList().forEach(graph -> visit(graph, visitor));
        }
    }

    private static void visit(SparseTensorProto.Builder sparse, Consumer<TensorProto.Builder> visitor) {
        if (sparse.hasValues()) {
            visitor.accept(sparse.getValuesBuilder());
        }
        if (sparse.hasIndices()) {
            visitor.accept(sparse.getIndicesBuilder());
        }
    }
}
