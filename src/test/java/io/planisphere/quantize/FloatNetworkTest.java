package io.planisphere.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import io.planisphere.model.TinyModels;
import io.planisphere.onnx.GraphRunner;
import io.planisphere.onnx.ShortWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tests networks as exporters write them: with batch norm, affine steps, Min and Max, and with a mean and a convolution of a
 * vector at the end.
 */
class FloatNetworkTest {
    private static final int SIDE = 12;
    private static final Random RANDOM = new Random(7);

    @Test
    void aSimplifiedNetworkPredictsTheSameWithFewerOperators() throws Exception {
        byte[] network = network().build().toByteArray();
        float[] photo = photo();

        byte[] tidied = FloatNetwork.of(network).toBytes();

        assertThat(ModelProto.parseFrom(tidied).getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Conv", "Clip", "Conv", "Relu", "GlobalAveragePool", "Flatten", "Flatten", "Gemm");
        Map<String, float[]> before = GraphRunner.run(network, "input", photo, 1, 3, SIDE, SIDE);
        Map<String, float[]> after = GraphRunner.run(tidied, "input", photo, 1, 3, SIDE, SIDE);
        assertClose(after, before, "scores", 1e-4);
        assertClose(after, before, "embedding", 1e-4);
    }

    @Test
    void weightsOfSixteenBitsAreReadAsFloats() throws Exception {
        byte[] stored = ShortWeights.store(network().build().toByteArray());
        FloatNetwork read = FloatNetwork.of(stored);
        assertThat(read.keptInFloats())
                .isEqualTo(FloatNetwork.of(network().build().toByteArray()).keptInFloats());
        assertClose(
                GraphRunner.run(read.toBytes(), "input", photo(), 1, 3, SIDE, SIDE),
                GraphRunner.run(stored, "input", photo(), 1, 3, SIDE, SIDE),
                "scores",
                1e-4);
    }

    @Test
    void aLayerWithComputedWeightsStaysInFloats() {
        ModelProto.Builder model = network();
        GraphProto.Builder graph = model.getGraphBuilder();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            if (graph.getNode(i).getInputList().contains("w2")) {
                graph.setNode(i, Network.reading(graph.getNode(i), "w2", "w2_calculated"));
            }
        }
        List<NodeProto> nodes = new ArrayList<>(List.of(TinyModels.node("Abs", "w2_calculated", "w2")));
        nodes.addAll(graph.getNodeList());
        graph.clearNode().addAllNode(nodes);

        assertThat(FloatNetwork.of(model.build().toByteArray()).keptInFloats())
                .contains("Conv c2 stays in floats: its weights are not in the file");
    }

    @Test
    void networksThatCannotBeQuantisedAreRejectedWithTheReason() {
        ModelProto.Builder old = network();
        old.getOpsetImportBuilder(0).setVersion(8);
        assertThatThrownBy(() -> FloatNetwork.of(old.build().toByteArray()))
                .hasMessage(
                        "model.onnx has operator set 8 and a Conv, which cannot be brought to operator set 13; export"
                                + " it with 13 or newer");
        byte[] empty = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toByteArray();
        assertThat(FloatNetwork.of(empty).observed()).isNotEmpty();
        ModelProto.Builder none = network();
        none.getGraphBuilder().clearNode().addNode(TinyModels.node("Relu", "scores", "input"));
        assertThatThrownBy(() -> FloatNetwork.of(none.build().toByteArray()))
                .hasMessageContaining("has no Conv, Gemm or MatMul with float weights of its own");
    }

    @Test
    void pixelInputGivesTheResultsOfNormalisedFloats() throws Exception {
        resultsAreEqual(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
    }

    @Test
    void pixelInputGivesTheResultsOfFloatsNormalisedByChannel() throws Exception {
        resultsAreEqual(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    }

    private static void resultsAreEqual(List<Double> mean, List<Double> std) throws Exception {
        byte[] network = network().build().toByteArray();
        FloatNetwork floats = FloatNetwork.of(network);
        byte[] observing = floats.observing();
        ActivationStatistics statistics = new ActivationStatistics();
        List<byte[]> pixels = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            byte[] photo = new byte[3 * SIDE * SIDE];
            RANDOM.nextBytes(photo);
            pixels.add(photo);
            Map<String, float[]> seen =
                    GraphRunner.run(observing, "input", normalised(photo, mean, std), 1, 3, SIDE, SIDE);
            float[][] values = floats.observed().stream()
                    .map(value -> Objects.requireNonNull(seen.get(value.name())))
                    .toArray(float[][]::new);
            statistics.add(floats.observed(), values);
        }
        Size size = new Size(SIDE, SIDE);
        Preprocessing rule =
                new Preprocessing(new Resize.Exact(size), size, Resampling.BOX, 1 / 255.0, mean, std, Layout.NCHW);

        Quantisation quantisation = floats.quantisation(statistics, Method.MINMAX, rule, 8);
        while (quantisation.hasNext()) {
            byte[] graph = quantisation.observing();
            ActivationStatistics inputs = new ActivationStatistics();
            for (byte[] photo : pixels) {
                Map<String, float[]> seen =
                        GraphRunner.runAsWritten(graph, "input", normalised(photo, mean, std), 1, 3, SIDE, SIDE);
                float[] values =
                        Objects.requireNonNull(seen.get(quantisation.observed().name()));
                inputs.add(List.of(quantisation.observed()), new float[][] {values});
            }
            quantisation.accept(inputs);
        }
        byte[] quantised = quantisation.network();

        for (byte[] photo : pixels) {
            Map<String, float[]> before =
                    GraphRunner.run(network, "input", normalised(photo, mean, std), 1, 3, SIDE, SIDE);
            Map<String, float[]> after = GraphRunner.runPixels(quantised, "input", photo, 1, SIDE, SIDE, 3);
            float[] expected = Objects.requireNonNull(before.get("scores"));
            double largest = 0;
            for (float score : expected) {
                largest = Math.max(largest, Math.abs(score));
            }
            assertClose(after, before, "scores", 0.05 * largest);
        }
    }

    private static float[] normalised(byte[] photo, List<Double> mean, List<Double> std) {
        float[] planes = new float[photo.length];
        int plane = SIDE * SIDE;
        for (int i = 0; i < photo.length; i++) {
            int channel = i % 3;
            planes[channel * plane + i / 3] =
                    (float) (((photo[i] & 255) / 255.0 - mean.get(channel)) / std.get(channel));
        }
        return planes;
    }

    private static void assertClose(
            Map<String, float[]> after, Map<String, float[]> before, String output, double tolerance) {
        float[] expected = Objects.requireNonNull(before.get(output));
        float[] actual = Objects.requireNonNull(after.get(output));
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static float[] photo() {
        float[] photo = new float[3 * SIDE * SIDE];
        for (int i = 0; i < photo.length; i++) {
            photo[i] = (float) Math.sin(i * 0.37);
        }
        return photo;
    }

    private static ModelProto.Builder network() {
        Random random = new Random(5);
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("exported")
                .addInput(TinyModels.value("input", List.of("N", "3", "12", "12")))
                .addOutput(TinyModels.value("scores", List.of("N", "5")))
                .addOutput(TinyModels.value("embedding", List.of("N", "8")));
        weights(graph, random, "w1", 0.3, 8, 3, 3, 3);
        weights(graph, random, "gamma", 1, 8);
        weights(graph, random, "beta", 1, 8);
        weights(graph, random, "mean", 0.1, 8);
        graph.addInitializer(new FloatWeights(List.of(8L), new float[] {1, 2, 1, 0.5f, 1, 1, 3, 1})
                .toTensor()
                .setName("variance"));
        weights(graph, random, "w2", 0.5, 8, 8, 1, 1);
        weights(graph, random, "times", 1, 8, 1, 1);
        weights(graph, random, "plus", 0.2, 1, 8, 1, 1);
        weights(graph, random, "w3", 0.5, 5, 8, 1, 1);
        graph.addInitializer(
                new FloatWeights(List.of(1L), new float[] {6}).toTensor().setName("six"));
        graph.addInitializer(FloatWeights.scalar(0).toTensor().setName("zero"));
        graph.addNode(Nodes.node(
                        "Conv",
                        List.of("input", "w1"),
                        "c1",
                        Nodes.integers("pads", 1, 1, 1, 1),
                        Nodes.integers("strides", 2, 2)))
                .addNode(TinyModels.node("BatchNormalization", "b1", "c1", "gamma", "beta", "mean", "variance"))
                .addNode(TinyModels.node("Relu", "r1", "b1"))
                .addNode(TinyModels.node("Min", "n1", "r1", "six"))
                .addNode(TinyModels.node("Max", "x1", "n1", "zero"))
                .addNode(TinyModels.node("Conv", "c2", "x1", "w2"))
                .addNode(TinyModels.node("Identity", "i2", "c2"))
                .addNode(TinyModels.node("Mul", "m2", "times", "i2"))
                .addNode(TinyModels.node("Add", "a2", "m2", "plus"))
                .addNode(TinyModels.node("Relu", "r2", "a2"))
                .addNode(Nodes.node("ReduceMean", List.of("r2"), "pooled", Nodes.integers("axes", 2, 3)))
                .addNode(Nodes.node("Flatten", List.of("pooled"), "embedding"))
                .addNode(TinyModels.node("Conv", "c3", "pooled", "w3"))
                .addNode(Nodes.node("Flatten", List.of("c3"), "scores"));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph);
    }

    private static void weights(GraphProto.Builder graph, Random random, String name, double deviation, long... shape) {
        int size = 1;
        List<Long> dims = new ArrayList<>();
        for (long dim : shape) {
            size *= (int) dim;
            dims.add(dim);
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        graph.addInitializer(new FloatWeights(dims, values).toTensor().setName(name));
    }
}
