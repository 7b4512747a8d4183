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
 * Writes a feed-forward float network as an ONNX file. Each operator takes the name of its input and the name of its output, and
 * returns the latter; the first axis of every input and output is the batch, which is dynamic.
 */
public final class OnnxGraphBuilder {
    // The oldest operator set whose Conv, Gemm, Relu, Clip, Flatten and GlobalAveragePool are still current, and its
    // file format.
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
     * The kernel of a two-dimensional convolution, with its stride and padding, the same on all sides.
     *
     * @param weights {@code [outputs, inputs / groups, height, width]}
     */
    public record Kernel(FloatTensor weights, int stride, int padding, int groups) {}

    /** Adds a two-dimensional convolution without bias. */
    public String convolution(String name, String input, Kernel kernel) {
        convolution(name, kernel, input, weight(name + ".kernel", kernel.weights()));
        return name;
    }

    /**
     * Adds a two-dimensional convolution with a bias.
     *
     * @param bias {@code [outputs]}
     */
    public String convolution(String name, String input, Kernel kernel, FloatTensor bias) {
        convolution(name, kernel, input, weight(name + ".kernel", kernel.weights()), weight(name + ".bias", bias));
        return name;
    }

    private void convolution(String name, Kernel kernel, String... inputs) {
        long[] shape = kernel.weights().shape();
        int padding = kernel.padding();
        node("Conv", name, inputs)
                .addAttribute(integers("kernel_shape", shape[2], shape[3]))
                .addAttribute(integers("strides", kernel.stride(), kernel.stride()))
                .addAttribute(integers("pads", padding, padding, padding, padding))
                .addAttribute(integer("group", kernel.groups()));
    }

    /** The parameters of batch normalisation, one value per channel each, and the epsilon added to variances. */
    public record Normalisation(
            FloatTensor scale, FloatTensor shift, FloatTensor mean, FloatTensor variance, double epsilon) {}

    /** Adds {@code (x − mean) / √(variance + epsilon) · scale + shift} per channel. */
    public String batchNormalisation(String name, String input, Normalisation norm) {
        node(
                        "BatchNormalization",
                        name,
                        input,
                        weight(name + ".scale", norm.scale()),
                        weight(name + ".shift", norm.shift()),
                        weight(name + ".mean", norm.mean()),
                        weight(name + ".variance", norm.variance()))
                .addAttribute(real("epsilon", norm.epsilon()));
        return name;
    }

    public String relu(String name, String input) {
        node("Relu", name, input);
        return name;
    }

    /** Adds {@code min(max(x, least), most)}. */
    public String clip(String name, String input, float least, float most) {
        node("Clip", name, input, weight(name + ".least", scalar(least)), weight(name + ".most", scalar(most)));
        return name;
    }

    /** Adds {@code min(max(slope · x + offset, 0), 1)}. */
    public String hardSigmoid(String name, String input, double slope, double offset) {
        node("HardSigmoid", name, input).addAttribute(real("alpha", slope)).addAttribute(real("beta", offset));
        return name;
    }

    /** Adds the product of values of the same shape, or of one value per channel and an image. */
    public String product(String name, String left, String right) {
        node("Mul", name, left, right);
        return name;
    }

    public String sum(String name, String left, String right) {
        node("Add", name, left, right);
        return name;
    }

    /** Adds the mean over height and width, both of which remain as axes of length 1. */
    public String globalAveragePool(String name, String input) {
        node("GlobalAveragePool", name, input);
        return name;
    }

    /** Merges all axes after the batch into one. */
    public String flatten(String name, String input) {
        node("Flatten", name, input).addAttribute(integer("axis", 1));
        return name;
    }

    /**
     * Adds a fully connected layer.
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

    /** Returns the file's bytes. */
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

    /** Returns an attribute of a node. */
    public static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto real(String name, double value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF((float) value)
                .build();
    }

    private static FloatTensor scalar(float value) {
        return FloatTensor.of(new float[] {value});
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
