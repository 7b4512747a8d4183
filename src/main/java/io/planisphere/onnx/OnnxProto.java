package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.GraphProtoOrBuilder;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Helpers for rewriting ONNX files. */
final class OnnxProto {
    /** The first file format in which initializers need not also be inputs. */
    private static final long FORMAT_OF_FREE_INITIALIZERS = 4;

    private OnnxProto() {}

    /**
     * Parses a file into a mutable builder.
     *
     * @param name name of the file for messages
     */
    static ModelProto.Builder parse(String name, byte[] network) {
        try {
            return ModelProto.parseFrom(network).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(name + " is no ONNX model", e);
        }
    }

    /** Returns the bytes of a file to which initializers may have been added. */
    static byte[] bytes(ModelProto.Builder model) {
        return model.setIrVersion(Math.max(model.getIrVersion(), FORMAT_OF_FREE_INITIALIZERS))
                .build()
                .toByteArray();
    }

    static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    /** Returns a name that no value of the graph has: the wanted one, possibly with a number appended. */
    static String freeName(GraphProto.Builder graph, String wanted) {
        Set<String> taken = names(graph);
        String name = wanted;
        for (int i = 1; taken.contains(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    static Set<String> names(GraphProtoOrBuilder graph) {
        Set<String> names = new HashSet<>();
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getInitializerList().forEach(initializer -> names.add(initializer.getName()));
        graph.getSparseInitializerList()
                .forEach(initializer -> names.add(initializer.getValues().getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
        return names;
    }
}
