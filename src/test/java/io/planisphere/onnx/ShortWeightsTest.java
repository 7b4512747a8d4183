package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.planisphere.cost.CostTable;
import io.planisphere.cost.GraphCosts;
import io.planisphere.onnx.OnnxGraphBuilder.Kernel;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ONNX Runtime itself restores the weights, so it is the judge of what is stored. */
class ShortWeightsTest {
    private static final int CHANNELS = 40;
    private static final int SIDE = 6;

    @Test
    void onnxRuntimePredictsTheSameToTheLastOfFifteenBits() throws Exception {
        byte[] network = network();
        byte[] stored = ShortWeights.store(network);

        float[] before = scores(network);
        float[] after = scores(stored);

        // weights are of ±1, so a step is 1/32767; a sum of n products errs by half a step per weight, of either sign
        for (int i = 0; i < before.length; i++) {
            assertThat(after[i]).isCloseTo(before[i], within(0.01f));
        }
        assertThat(after).isNotEqualTo(before);
        assertThat((double) stored.length).isLessThan(0.75 * network.length);
    }

    @Test
    void restoredWeightsAreThoseOfOnnxRuntime() throws Exception {
        byte[] stored = ShortWeights.store(network());
        byte[] restored = ShortWeights.restore(ModelProto.parseFrom(stored)).toByteArray();
        assertThat(scores(restored)).isEqualTo(scores(stored));
        assertThat(ModelProto.parseFrom(restored).getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Conv", "Conv", "Conv", "GlobalAveragePool", "Flatten", "Gemm");
    }

    @Test
    void everyWeightIsWithinHalfAStepOfItsRow() throws Exception {
        ModelProto original = ModelProto.parseFrom(network());
        ModelProto restored = ShortWeights.restore(ModelProto.parseFrom(ShortWeights.store(network())));
        for (TensorProto weight : original.getGraph().getInitializerList()) {
            float[] was = weight(original, weight.getName());
            float[] is = weight(restored, weight.getName());
            int row = was.length / (int) weight.getDims(0);
            for (int i = 0; i < was.length; i++) {
                float largest = 0;
                for (int k = i / row * row; k < (i / row + 1) * row; k++) {
                    largest = Math.max(largest, Math.abs(was[k]));
                }
                assertThat(Math.abs(is[i] - was[i])).isLessThanOrEqualTo(0.501f * largest / 32767);
            }
        }
    }

    @Test
    void weightsThatWereInEightBitsBeforeLoseNothing() throws Exception {
        float step = 0.0137f;
        Random random = new Random(8);
        float[] weights = new float[CHANNELS * 27];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (random.nextInt(256) - 131) * step;
        }
        OnnxGraphBuilder graph = new OnnxGraphBuilder("network");
        String input = graph.input("input", 3, SIDE, SIDE);
        Kernel kernel = new Kernel(FloatTensor.of(weights, CHANNELS, 3, 3, 3), 1, 1, 1);
        String made = graph.convolution("first", input, kernel);
        byte[] stored =
                ShortWeights.store(graph.output(made, CHANNELS, SIDE, SIDE).toBytes());
        assertThat(weight(ModelProto.parseFrom(stored), "first.kernel_scales")).containsExactly(step);
        assertThat(weight(ShortWeights.restore(ModelProto.parseFrom(stored)), "first.kernel"))
                .containsExactly(weights);
    }

    @Test
    void depthwiseKernelsBiasesAndZerosAreUnchanged() throws Exception {
        ModelProto stored = ModelProto.parseFrom(ShortWeights.store(network()));
        assertThat(stored.getGraph().getInitializerList().stream()
                        .filter(weight -> weight.getDataType() == DataType.INT16.getNumber())
                        .map(TensorProto::getName))
                .containsExactly("pointwise.kernel_integers", "zero.kernel_integers", "dense.weights_integers");
        assertThat(weight(ShortWeights.restore(stored), "zero.kernel")).containsOnly(0);
    }

    @Test
    void costsAreThoseOfTheOriginal() {
        Map<String, List<Long>> input = Map.of("input", List.of(1L, 3L, (long) SIDE, (long) SIDE));
        CostTable original = GraphCosts.of("model.onnx", network(), input);
        CostTable stored = GraphCosts.of("model.onnx", ShortWeights.store(network()), input);
        assertThat(stored).isEqualTo(original);
    }

    @Test
    void anotherNetworkIsReturnedAsItIs() throws Exception {
        ModelProto network = ModelProto.parseFrom(network());
        assertThat(ShortWeights.restore(network)).isSameAs(network);
    }

    @Test
    void anOperatorSetWithoutBroadcastIsRefused() throws Exception {
        ModelProto.Builder old = ModelProto.parseFrom(network()).toBuilder();
        old.getOpsetImportBuilder(0).setVersion(6);
        assertThatThrownBy(() -> ShortWeights.store(old.build().toByteArray()))
                .hasMessage(
                        "model.onnx has operator set 6, and weights are stored in 16 bits from 7 on; export it with a"
                                + " newer one");
    }

    private static float[] scores(byte[] network) throws Exception {
        float[] photo = random(3 * SIDE * SIDE, 5);
        return Objects.requireNonNull(
                GraphRunner.run(network, "input", photo, 1, 3, SIDE, SIDE).get("dense"));
    }

    private static byte[] network() {
        OnnxGraphBuilder graph = new OnnxGraphBuilder("network");
        String input = graph.input("input", 3, SIDE, SIDE);
        // 27 values per row are too few
        String first = graph.convolution(
                "first", input, new Kernel(FloatTensor.of(random(CHANNELS * 27, 1), CHANNELS, 3, 3, 3), 1, 1, 1));
        String pointwise = graph.convolution(
                "pointwise",
                first,
                new Kernel(FloatTensor.of(random(CHANNELS * CHANNELS, 2), CHANNELS, CHANNELS, 1, 1), 1, 0, 1),
                FloatTensor.of(random(CHANNELS, 3), CHANNELS));
        graph.convolution(
                "zero",
                pointwise,
                new Kernel(FloatTensor.of(new float[CHANNELS * CHANNELS], CHANNELS, CHANNELS, 1, 1), 1, 0, 1));
        String pooled = graph.flatten("flat", graph.globalAveragePool("pool", pointwise));
        String dense = graph.linear(
                "dense",
                pooled,
                FloatTensor.of(random(10 * CHANNELS, 4), 10, CHANNELS),
                FloatTensor.of(new float[10], 10));
        return graph.output(dense, 10).toBytes();
    }

    private static float[] weight(ModelProto network, String name) {
        TensorProto tensor = network.getGraph().getInitializerList().stream()
                .filter(weight -> weight.getName().equals(name))
                .findFirst()
                .orElseThrow();
        FloatBuffer raw = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[raw.remaining()];
        raw.get(values);
        return values;
    }

    private static float[] random(int n, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}
