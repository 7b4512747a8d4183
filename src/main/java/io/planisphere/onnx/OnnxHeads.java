package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Adds linear heads to a network: each is an output {@code embedding · weightsᵀ + bias}. The embedding remains an output; all
 * other outputs are removed together with the nodes that only they needed. A dynamic batch axis stays dynamic.
 */
public final class OnnxHeads {
    /** The first operator set in which Gemm broadcasts a bias of one axis over the batch by default. */
    private static final long OLDEST_OPERATOR_SET = 7;

    /**
     * A linear layer over an embedding.
     *
     * @param output name of its output, which must be unique in the network
     * @param weights {@code [classes, width]}
     * @param bias {@code [classes]}
     */
    public record Head(String output, FloatTensor weights, FloatTensor bias) {
        public Head {
            long[] shape = weights.shape();
            if (shape.length != 2 || bias.shape().length != 1 || bias.shape()[0] != shape[0]) {
                throw new IllegalArgumentException(
                        "Head %s needs weights [classes, width] and a bias [classes]".formatted(output));
            }
        }

        private long classes() {
            return weights.shape()[0];
        }

        private long width() {
            return weights.shape()[1];
        }
    }

    private OnnxHeads() {}

    /**
     * Returns the network with the heads added.
     *
     * @param name name of the network's file for messages
     * @param embedding name of an output of floats; more than two axes are flattened
     * @throws IllegalArgumentException if the network has no such output, another width, an operator set from before ONNX 1.2, or
     *     a value with the name of a head
     */
    public static byte[] fuse(String name, byte[] network, String embedding, List<Head> heads) {
        OnnxModel declared = OnnxModel.read(name, network);
        if (declared.opset() < OLDEST_OPERATOR_SET) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s uses operator set %d; export it with %d or newer to put heads on it",
                    name,
                    declared.opset(),
                    OLDEST_OPERATOR_SET));
        }
        Tensor tensor = declared.output(embedding)
                .orElseThrow(() -> new IllegalArgumentException("%s has no output %s but %s; name the embedding's"
                        .formatted(
                                name,
                                embedding,
                                declared.outputs().stream().map(Tensor::name).collect(Collectors.joining(", ")))));
        heads.forEach(head -> checkWidth(name, tensor, head));

        ModelProto.Builder model = OnnxProto.parse(name, network);
        GraphProto.Builder graph = OnnxPruning.keepOnly(embedding, model.getGraph());
        String flat = flattened(graph, tensor);
        TensorShapeProto.Dimension batch = batch(graph);
        for (Head head : heads) {
            append(name, graph, flat, batch, head);
        }
        return OnnxProto.bytes(model.setGraph(graph));
    }

    private static void checkWidth(String name, Tensor embedding, Head head) {
        if (!embedding.elementType().equals("FLOAT")) {
            throw new IllegalArgumentException("%s gives %s as %s; export it with FLOAT"
                    .formatted(name, embedding.name(), embedding.elementType()));
        }
        List<Dim> shape = embedding.shape().orElse(List.of());
        long width = 1;
        for (Dim dim : shape.subList(Math.min(1, shape.size()), shape.size())) {
            width = dim instanceof Dim.Fixed fixed ? width * fixed.size() : 0;
        }
        boolean isKnown = shape.size() > 1 && width > 0;
        if (isKnown && width != head.width()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s gives %s with %d values but head %s takes %d; fit it on this network",
                    name,
                    embedding.name(),
                    width,
                    head.output(),
                    head.width()));
        }
    }

    /** Returns the name of the embedding with two axes. */
    static String flattened(GraphProto.Builder graph, Tensor embedding) {
        if (embedding.shape().map(List::size).orElse(0) == 2) {
            return embedding.name();
        }
        String flat = OnnxProto.freeName(graph, embedding.name() + "_flat");
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Flatten")
                .setName(flat)
                .addInput(embedding.name())
                .addOutput(flat)
                .addAttribute(OnnxGraphBuilder.integer("axis", 1)));
        return flat;
    }

    private static void append(
            String name, GraphProto.Builder graph, String input, TensorShapeProto.Dimension batch, Head head) {
        if (OnnxProto.names(graph).contains(head.output())) {
            throw new IllegalArgumentException(
                    "%s has a value called %s already; call the head otherwise".formatted(name, head.output()));
        }
        NodeProto.Builder gemm = NodeProto.newBuilder()
                .setOpType("Gemm")
                .setName(head.output())
                .addInput(input)
                .addInput(weight(graph, head.output() + "_weights", head.weights()))
                .addInput(weight(graph, head.output() + "_bias", head.bias()))
                .addOutput(head.output())
                .addAttribute(OnnxGraphBuilder.integer("transB", 1));
        graph.addNode(gemm)
                .addOutput(ValueInfoProto.newBuilder()
                        .setName(head.output())
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder()
                                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                        .setShape(TensorShapeProto.newBuilder()
                                                .addDim(batch)
                                                .addDim(TensorShapeProto.Dimension.newBuilder()
                                                        .setDimValue(head.classes()))))));
    }

    private static String weight(GraphProto.Builder graph, String wanted, FloatTensor tensor) {
        String name = OnnxProto.freeName(graph, wanted);
        graph.addInitializer(OnnxGraphBuilder.initializer(name, tensor));
        return name;
    }

    /** Returns the first axis of the embedding as declared; dynamic if it is not declared. */
    private static TensorShapeProto.Dimension batch(GraphProto.Builder graph) {
        TensorShapeProto shape = graph.getOutput(0).getType().getTensorType().getShape();
        return shape.getDimCount() > 0 ? shape.getDim(0) : TensorShapeProto.Dimension.getDefaultInstance();
    }
}
