package io.planisphere.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.Member;
import io.planisphere.mobilenet.SeededWeights;
import io.planisphere.mobilenet.TrainedMobileNet;
import io.planisphere.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GraphCostsTest {

    /** Compares two ways to the same figures: the description's own, and the walk over the graph that it builds. */
    @ParameterizedTest
    @EnumSource
    void graphCostsEqualThoseOfTheDescription(Member member) {
        Architecture architecture = member.of(0.35, 97);
        TrainedMobileNet network = SeededWeights.of(architecture, 11, 1);

        CostTable walked = costs(network.toFoldedOnnx());

        CostTable expected = architecture.costs(11);
        assertThat(walked.uncounted()).isEmpty();
        assertThat(walked.kinds()).isEqualTo(expected.kinds());
        assertThat(walked.free()).isEqualTo(expected.free());
        assertThat(walked.peakBytes()).isEqualTo(expected.peakBytes());
        assertThat(walked.activationBytes()).isEqualTo(expected.activationBytes());
        CostTable kept = costs(network.toOnnx());
        assertThat(kept.multiplyAdds()).isEqualTo(expected.multiplyAdds());
        assertThat(kept.weights()).isEqualTo(expected.weights());
        assertThat(kept.peakBytes()).isEqualTo(expected.peakBytes());
        // four values of batch norm instead of one bias
        long channels = architecture.convolutions().stream()
                .mapToLong(layer -> layer.convolution().outputs())
                .sum();
        assertThat(kept.offsets()).isEqualTo(expected.offsets() + 3 * channels);
    }

    /** Golden values by src/test/resources/io/planisphere/cost/costs.py, with ONNX's own shape inference. */
    @ParameterizedTest
    @CsvSource({"earth, 13426688, 320240", "face-attributes, 568004352, 3473088", "face-detector, 100418560, 270144"})
    void builtInNetworkCostsAgreeWithOnnxInference(String name, long multiplyAdds, long weights) throws IOException {
        CostTable costs = costs(builtIn(name));

        assertThat(costs.uncounted()).isEmpty();
        assertThat(costs.multiplyAdds()).isEqualTo(multiplyAdds);
        assertThat(costs.weights()).isEqualTo(weights);
        assertThat(costs.peakBytes()).isBetween(300_000L, 10_000_000L);
    }

    @Test
    void uncountedOperatorsAreNamed() {
        GraphProto.Builder graph = photo(1, 3, 8, 8)
                .addNode(node("NonMaxSuppression", "kept", "photo"))
                .addNode(node("Relu", "after", "kept"))
                .addNode(node("Attention", "looked", "photo").setDomain("com.microsoft"));

        CostTable costs = costs(bytes(graph, "after"));

        assertThat(costs.uncounted())
                .containsExactly(
                        "NonMaxSuppression to kept: there is no rule for it here",
                        "Relu to after: the shape of its input kept is not known",
                        "Attention to looked: it is of the operator set com.microsoft");
    }

    @Test
    void declaredShapesAreUsedForOperatorsWithoutARule() {
        GraphProto.Builder graph = photo(1, 3, 8, 8)
                .addNode(node("Mystery", "seen", "photo"))
                .addValueInfo(tensor("seen", 1, 4, 8, 8))
                .addInitializer(weights("kernel", TensorProto.DataType.FLOAT, 5, 4, 1, 1))
                .addNode(node("Conv", "out", "seen", "kernel"));

        CostTable costs = costs(bytes(graph, "out"));

        assertThat(costs.uncounted()).hasSize(1);
        assertThat(costs.multiplyAdds()).isEqualTo(4 * 5 * 64);
    }

    /** 4 channels of 8 x 8 from 3 by 3 x 3; peak memory is that of the photo's bytes and the sums' bytes. */
    @Test
    void quantisedNetworksHaveEqualMultiplyAddsAndLessMemory() {
        GraphProto.Builder graph = photo(1, 3, 10, 10)
                .addInitializer(weights("scale", TensorProto.DataType.FLOAT))
                .addInitializer(weights("zero", TensorProto.DataType.UINT8))
                .addInitializer(weights("kernel8", TensorProto.DataType.INT8, 4, 3, 3, 3))
                .addInitializer(weights("bias32", TensorProto.DataType.INT32, 4))
                .addNode(node("QuantizeLinear", "photo8", "photo", "scale", "zero"))
                .addNode(node("DequantizeLinear", "photoQ", "photo8", "scale", "zero"))
                .addNode(node("DequantizeLinear", "kernel", "kernel8", "scale"))
                .addNode(node("DequantizeLinear", "bias", "bias32", "scale"))
                .addNode(node("Conv", "sums", "photoQ", "kernel", "bias"))
                .addNode(node("QuantizeLinear", "sums8", "sums", "scale", "zero"));

        CostTable costs = costs(bytes(graph, "sums8"));

        assertThat(costs.uncounted()).isEmpty();
        assertThat(costs.multiplyAdds()).isEqualTo(4 * 64 * 27);
        assertThat(costs.weights()).isEqualTo(4 * 27);
        assertThat(costs.offsets()).isEqualTo(4);
        assertThat(costs.peakBytes()).isEqualTo(3 * 100 + 4 * 64);
    }

    /** The operators that exporters write for {@code x.reshape(x.shape[0], -1)}, followed by a matrix product. */
    @Test
    void computedShapesAreEvaluated() {
        GraphProto.Builder graph = photo(1, 3, 8, 8)
                .addInitializer(numbers("first", 0))
                .addInitializer(numbers("rest", -1))
                .addInitializer(numbers("front", 0))
                .addInitializer(weights("matrix", TensorProto.DataType.FLOAT, 192, 10))
                .addNode(node("Shape", "shape", "photo"))
                .addNode(node("Gather", "batch", "shape", "first"))
                .addNode(node("Concat", "flat", "batch", "rest").addAttribute(integer("axis", 0)))
                .addNode(node("Reshape", "vector", "photo", "flat"))
                .addNode(node("MatMul", "out", "vector", "matrix"));

        CostTable costs = costs(bytes(graph, "out"));

        assertThat(costs.uncounted()).isEmpty();
        assertThat(costs.kinds().get(0).kind()).isEqualTo(LayerCost.FULLY_CONNECTED);
        assertThat(costs.multiplyAdds()).isEqualTo(1920);
    }

    @Test
    void aFreeSideRequiresAResolution() {
        byte[] onnx = bytes(
                GraphProto.newBuilder().addInput(tensor("photo", 0, 3, 0, 0)).addNode(node("Relu", "out", "photo")),
                "out");
        OnnxModel model = OnnxModel.read("free.onnx", onnx);

        assertThat(GraphCosts.inputs("free.onnx", model, Optional.of(96)))
                .isEqualTo(Map.of("photo", List.of(1L, 3L, 96L, 96L)));
        assertThatThrownBy(() -> GraphCosts.inputs("free.onnx", model, Optional.empty()))
                .hasMessage("free.onnx leaves axis 2 of its input photo [?, 3, ?, ?] free; give --resolution");
    }

    @Test
    void invalidModelsAreRejected() {
        assertThatThrownBy(() -> GraphCosts.of("x.onnx", new byte[] {1, 2, 3}, Map.of()))
                .hasMessageContaining("x.onnx is no ONNX model");
    }

    private static CostTable costs(byte[] onnx) {
        Map<String, List<Long>> inputs =
                GraphCosts.inputs("model.onnx", OnnxModel.read("model.onnx", onnx), Optional.empty());
        return GraphCosts.of("model.onnx", onnx, inputs);
    }

    private static byte[] builtIn(String name) throws IOException {
        try (InputStream in = GraphCostsTest.class.getResourceAsStream("/models/" + name + "/model.onnx")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static GraphProto.Builder photo(long... shape) {
        return GraphProto.newBuilder().addInput(tensor("photo", shape));
    }

    private static byte[] bytes(GraphProto.Builder graph, String output) {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph.addOutput(ValueInfoProto.newBuilder().setName(output)))
                .build()
                .toByteArray();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output);
    }

    private static AttributeProto.Builder integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value);
    }

    private static ValueInfoProto tensor(String name, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        LongStream.of(shape).forEach(length -> {
            TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
            if (length > 0) {
                dim.setDimValue(length);
            }
        });
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(dims)))
                .build();
    }

    private static TensorProto weights(String name, TensorProto.DataType type, long... shape) {
        int bytes = ConstantTensors.bytesPerElement(type.getNumber());
        int size = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(LongStream.of(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(new byte[bytes * size]))
                .build();
    }

    private static TensorProto numbers(String name, long... values) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(values.length)
                .addAllInt64Data(LongStream.of(values).boxed().toList())
                .build();
    }
}
