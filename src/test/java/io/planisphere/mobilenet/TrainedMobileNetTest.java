package io.planisphere.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.planisphere.mobilenet.TrainedMobileNet.Normalised;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.GraphRunner;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainedMobileNetTest {
    private static final int CLASSES = 5;

    private final Random random = new Random(1);

    /** At one pixel only the centre of each kernel overlaps the image, so the whole network can be computed independently. */
    @ParameterizedTest
    @EnumSource
    void theOnnxFilesPredictWhatTheLayersCompute(Member member) throws OrtException {
        TrainedMobileNet network = someNetwork(member.of(0.25, 1));
        float[] pixel = {0.5f, -0.25f, 1};

        OnePixel byHand = new OnePixel(network);
        double[] embedding = byHand.embedding(pixel);

        for (byte[] onnx : new byte[][] {network.toOnnx(), network.toFoldedOnnx()}) {
            Map<String, float[]> outputs = GraphRunner.run(onnx, "input", pixel, 1, 3, 1, 1);
            assertThat(outputs.get("embedding")).containsExactly(floats(embedding), within(1e-4f));
            assertThat(outputs.get("logits")).containsExactly(floats(byHand.logits(embedding)), within(1e-4f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void foldingBatchNormChangesNoPrediction(Member member) throws OrtException {
        TrainedMobileNet network = someNetwork(member.of(0.35, 65));
        float[] two = values(2 * 3 * 65 * 65, 0, 1);

        float[] kept =
                GraphRunner.run(network.toOnnx(), "input", two, 2, 3, 65, 65).get("logits");
        float[] folded = GraphRunner.run(network.toFoldedOnnx(), "input", two, 2, 3, 65, 65)
                .get("logits");

        assertThat(kept).hasSize(2 * CLASSES);
        assertThat(folded).containsExactly(kept, within(1e-4f));
        assertThat(network.toFoldedOnnx()).hasSizeLessThan(network.toOnnx().length);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        Architecture architecture = MobileNetV3.small(0.25, 32);

        byte[] once = SeededWeights.of(architecture, CLASSES, 7).toOnnx();

        assertThat(SeededWeights.of(architecture, CLASSES, 7).toOnnx()).isEqualTo(once);
        assertThat(SeededWeights.of(architecture, CLASSES, 8).toOnnx()).isNotEqualTo(once);
    }

    @Test
    void weightsOfAnotherWidthAreRejected() {
        TrainedMobileNet narrow = SeededWeights.of(MobileNetV1.of(0.25, 32), CLASSES, 1);

        assertThatThrownBy(() ->
                        new TrainedMobileNet(MobileNetV1.of(0.5, 32), CLASSES, narrow.normalised(), narrow.dense()))
                .hasMessage("Kernel of stem must have shape [16, 3, 3, 3], got [8, 3, 3, 3]");
        assertThatThrownBy(() -> new TrainedMobileNet(MobileNetV1.of(0.25, 32), CLASSES, Map.of(), narrow.dense()))
                .hasMessage("There are no weights for layer stem");
    }

    /** Returns a network with initial weights and a batch norm that has an effect. */
    private TrainedMobileNet someNetwork(Architecture architecture) {
        TrainedMobileNet initial = SeededWeights.of(architecture, CLASSES, 1);
        Map<String, Normalised> normalised = new HashMap<>();
        for (Layer.Normalised layer : architecture.convolutions()) {
            int channels = layer.convolution().outputs();
            Normalisation norm = new Normalisation(
                    vector(channels, 1, 0.2),
                    vector(channels, 0.1, 0.1),
                    vector(channels, 0, 0.1),
                    positive(channels),
                    1e-3);
            normalised.put(layer.name(), new Normalised(initial.weights(layer).kernel(), norm));
        }
        return new TrainedMobileNet(architecture, CLASSES, normalised, initial.dense());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private FloatTensor vector(int length, double mean, double spread) {
        return FloatTensor.of(values(length, mean, spread), length);
    }

    private FloatTensor positive(int length) {
        float[] variances = values(length, 1, 0.2);
        for (int i = 0; i < length; i++) {
            variances[i] = Math.abs(variances[i]) + 0.1f;
        }
        return FloatTensor.of(variances, length);
    }

    private float[] values(int length, double mean, double spread) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (mean + spread * random.nextGaussian());
        }
        return values;
    }
}
