package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Adds a gallery to a network: an output with the scaled cosine similarities of the embedding to fixed vectors, as in CLIP (Radford
 * et al., arXiv 2103.00020, figure 3) and GeoCLIP (Vivanco et al., arXiv 2309.16020, equation 1).
 *
 * @param output name of the new output
 * @param embedding name of the output that is compared
 * @param file file with the vectors, each of length 1: 32-bit floats, little-endian, one vector after the other
 * @param entries number of vectors
 * @param width values of a vector
 * @param scale factor of the cosine
 */
public record OnnxGallery(String output, String embedding, String file, int entries, int width, double scale) {
    /** The first operator set in which Gemm broadcasts a bias by default. */
    private static final long OLDEST_OPERATOR_SET = 7;

    /**
     * Returns the number of values of an output with an embedding.
     *
     * @return empty if the network does not declare it
     */
    public static OptionalInt width(Tensor embedding) {
        List<Dim> shape = embedding.shape().orElse(List.of());
        long width = shape.size() > 1 ? 1 : 0;
        for (Dim dim : shape.subList(Math.min(1, shape.size()), shape.size())) {
            width = dim instanceof Dim.Fixed fixed ? width * fixed.size() : 0;
        }
        return width > 0 && width <= Integer.MAX_VALUE ? OptionalInt.of((int) width) : OptionalInt.empty();
    }

    /**
     * Returns the network with the gallery as another output.
     *
     * @param name name of the network's file for messages
     * @throws IllegalArgumentException if the network is older than operator set 7, has no such embedding or a value called as the
     *     new output
     */
    public byte[] fuse(String name, byte[] network) {
        OnnxModel declared = OnnxModel.read(name, network);
        if (declared.opset() < OLDEST_OPERATOR_SET) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s uses operator set %d; export it with %d or newer to compare its embedding with a gallery",
                    name,
                    declared.opset(),
                    OLDEST_OPERATOR_SET));
        }
        Tensor tensor = declared.output(embedding)
                .orElseThrow(() -> new IllegalArgumentException(name + " has no output " + embedding));
        ModelProto.Builder model = OnnxProto.parse(name, network);
        GraphProto.Builder graph = model.getGraphBuilder();
        if (OnnxProto.names(graph).contains(output)) {
            throw new IllegalArgumentException(
                    "%s has a value called %s already; give the gallery another name".formatted(name, output));
        }
        String flat = OnnxHeads.flattened(graph, tensor);
        String unit = OnnxProto.freeName(graph, output + "_unit");
        graph.addNode(OnnxProto.node("LpNormalization", unit, flat).toBuilder()
                .addAttribute(OnnxGraphBuilder.integer("axis", 1))
                .addAttribute(OnnxGraphBuilder.integer("p", 2)));
        String vectors = OnnxProto.freeName(graph, output + "_vectors");
        graph.addInitializer(ExternalData.whole(
                vectors, DataType.FLOAT, file, (long) entries * width * Float.BYTES, entries, width));
        String zero = OnnxProto.freeName(graph, output + "_zero");
        graph.addInitializer(OnnxGraphBuilder.initializer(zero, FloatTensor.of(new float[1], 1)));
        graph.addNode(OnnxProto.node("Gemm", output, unit, vectors, zero).toBuilder()
                .addAttribute(OnnxGraphBuilder.integer("transB", 1))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("alpha")
                        .setType(AttributeProto.AttributeType.FLOAT)
                        .setF((float) scale)));
        graph.addOutput(declaration(batch(tensor)));
        return OnnxProto.bytes(model);
    }

    private ValueInfoProto declaration(TensorShapeProto.Dimension batch) {
        return ValueInfoProto.newBuilder()
                .setName(output)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT.getNumber())
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(batch)
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(entries)))))
                .build();
    }

    /** Returns the first axis of the embedding as declared; dynamic if it is not declared. */
    private static TensorShapeProto.Dimension batch(Tensor tensor) {
        Dim first = tensor.shape()
                .filter(shape -> !shape.isEmpty())
                .map(shape -> shape.get(0))
                .orElse(new Dim.Symbolic(""));
        TensorShapeProto.Dimension.Builder batch = TensorShapeProto.Dimension.newBuilder();
        return (first instanceof Dim.Fixed fixed
                        ? batch.setDimValue(fixed.size())
                        : batch.setDimParam(first.toString().equals("?") ? "" : first.toString()))
                .build();
    }
}
