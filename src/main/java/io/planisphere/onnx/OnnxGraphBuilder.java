package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Writes a feed-forward float network as an ONNX file. Each operator takes the name of its input and the name of the value that
 * it makes, and returns the latter; the first axis of every input and output is the batch, left free.
 */
public final class OnnxGraphBuilder {
    // The oldest operator set whose Conv, Gemm, Relu, Flatten and GlobalAveragePool are still current, and its file
    // format.
    private static final int OPERATOR_SET = 13;
    private static final int FORMAT_VERSION = 7;

    private final GraphProto.Builder graph;

    public OnnxGraphBuilder(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** Declares an input of shape {@code [batch, shape…]}. */
    public String input(String name, long... shape) {
        graph.addInput(declaration(name, shape));
        return name;
    }

    /**
     * Two-dimensional convolution with the same stride and padding on all sides.
     *
     * @param kernel {@code [outputs, inputs / groups, height, width]}
     * @param bias {@code [outputs]}
     */
    public String convolution(
            String name, String input, FloatTensor kernel, FloatTensor bias, int stride, int padding, int groups) {
        long[] shape = kernel.shape();
        node("Conv", name, input, weight(name + ".kernel", kernel), weight(name + ".bias", bias))
                .addAttribute(integers("kernel_shape", shape[2], shape[3]))
                .addAttribute(integers("strides", stride, stride))
                .addAttribute(integers("pads", padding, padding, padding, padding))
                .addAttribute(integer("group", groups));
        return name;
    }

    public String relu(String name, String input) {
        node("Relu", name, input);
        return name;
    }

    /** The mean over height and width, both of which stay as axes of length 1. */
    public String globalAveragePool(String name, String input) {
        node("GlobalAveragePool", name, input);
        return name;
    }

    /** All axes after the batch become one. */
    public String flatten(String name, String input) {
        node("Flatten", name, input).addAttribute(integer("axis", 1));
        return name;
    }

    /**
     * Fully connected layer.
     *
     * @param weights {@code [outputs, inputs]}
     * @param bias {@code [outputs]}
     */
    public String linear(String name, String input, FloatTensor weights, FloatTensor bias) {
        node("Gemm", name, input, weight(name + ".weights", weights), weight(name + ".bias", bias))
                .addAttribute(integer("transB", 1));
        return name;
    }

    /** Declares the value of that name an output of shape {@code [batch, shape…]}. */
    public OnnxGraphBuilder output(String name, long... shape) {
        graph.addOutput(declaration(name, shape));
        return this;
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        return ModelProto.newBuilder()
                .setIrVersion(FORMAT_VERSION)
                .setProducerName("planisphere")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private NodeProto.Builder node(String operator, String name, String... inputs) {
        return graph.addNodeBuilder()
                .setOpType(operator)
                .setName(name)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(name);
    }

    private String weight(String name, FloatTensor tensor) {
        graph.addInitializer(initializer(name, tensor));
        return name;
    }

    static TensorProto initializer(String name, FloatTensor tensor) {
        float[] values = tensor.values();
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addAllDims(LongStream.of(tensor.shape()).boxed().toList())
                .setRawData(ByteString.copyFrom(raw))
                .build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto integers(String name, long... values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(LongStream.of(values).boxed().toList())
                .build();
    }

    private static ValueInfoProto declaration(String name, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        dimensions.addDimBuilder().setDimParam("batch");
        for (long length : shape) {
            dimensions.addDimBuilder().setDimValue(length);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(dimensions)))
                .build();
    }
}
