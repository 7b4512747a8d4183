package io.planisphere.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.GraphRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainedMobileNetV1Test {
    private static final int CLASSES = 5;
    private static final double EPSILON = 1e-3;

    private final Random random = new Random(1);

    /** At one pixel only the middle of each kernel meets the image, so the whole network can be done by hand. */
    @Test
    void theOnnxFileAnswersAsTheLayersSayBeforeFolding() throws OrtException {
        TrainedMobileNetV1 network = randomNetwork(new MobileNetV1(0.25, 1));
        float[] pixel = {0.5f, -0.25f, 1};

        Map<String, float[]> outputs = GraphRunner.run(network.toOnnx(), "input", pixel, 1, 3, 1, 1);

        double[] embedding = embeddingByHand(network, pixel);
        assertThat(outputs.get("embedding")).containsExactly(floats(embedding), within(1e-4f));
        assertThat(outputs.get("logits")).containsExactly(floats(logitsByHand(network, embedding)), within(1e-4f));
    }

    @Test
    void anyNumberOfImagesGoesInAtOnce() throws OrtException {
        byte[] onnx = randomNetwork(new MobileNetV1(0.25, 32)).toOnnx();
        float[] three = values(3 * 3 * 32 * 32, 0, 1);

        assertThat(GraphRunner.run(onnx, "input", three, 3, 3, 32, 32).get("logits"))
                .hasSize(3 * CLASSES);
    }

    @Test
    void weightsOfAnotherWidthAreRefused() {
        TrainedMobileNetV1 narrow = randomNetwork(new MobileNetV1(0.25, 32));

        assertThatThrownBy(() -> new TrainedMobileNetV1(
                        new MobileNetV1(0.5, 32), narrow.body(), narrow.head(), narrow.headBias()))
                .hasMessage("Kernel 0 must have shape [16, 3, 3, 3], got [8, 3, 3, 3]");
    }

    private TrainedMobileNetV1 randomNetwork(MobileNetV1 shape) {
        List<TrainedMobileNetV1.Layer> body = new ArrayList<>();
        for (Convolution convolution : shape.body()) {
            int channels = convolution.outputs();
            double spread = Math.sqrt(2.0 * convolution.groups() / convolution.inputs());
            BatchNorm norm = new BatchNorm(
                    vector(channels, 1, 0.2),
                    vector(channels, 0.1, 0.1),
                    vector(channels, 0, 0.1),
                    positive(channels),
                    EPSILON);
            body.add(new TrainedMobileNetV1.Layer(tensor(spread, convolution.kernelShape()), norm));
        }
        return new TrainedMobileNetV1(shape, body, tensor(0.1, CLASSES, shape.embeddingWidth()), vector(CLASSES, 0, 1));
    }

    private static double[] embeddingByHand(TrainedMobileNetV1 network, float[] pixel) {
        double[] values = {pixel[0], pixel[1], pixel[2]};
        List<Convolution> convolutions = network.shape().body();
        for (int layer = 0; layer < convolutions.size(); layer++) {
            values = layerByHand(convolutions.get(layer), network.body().get(layer), values);
        }
        return values;
    }

    private static double[] logitsByHand(TrainedMobileNetV1 network, double[] embedding) {
        float[] head = network.head().values();
        double[] logits = new double[CLASSES];
        for (int label = 0; label < CLASSES; label++) {
            logits[label] = network.headBias().values()[label];
            for (int i = 0; i < embedding.length; i++) {
                logits[label] += head[label * embedding.length + i] * embedding[i];
            }
        }
        return logits;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static double[] layerByHand(Convolution convolution, TrainedMobileNetV1.Layer layer, double[] values) {
        float[] kernel = layer.kernel().values();
        int area = convolution.kernel() * convolution.kernel();
        int perGroup = convolution.inputs() / convolution.groups();
        BatchNorm norm = layer.norm();
        double[] out = new double[convolution.outputs()];
        for (int o = 0; o < out.length; o++) {
            int firstInput = convolution.groups() == 1 ? 0 : o;
            for (int i = 0; i < perGroup; i++) {
                out[o] += kernel[(o * perGroup + i) * area + area / 2] * values[firstInput + i];
            }
            double deviation = Math.sqrt(norm.variance().values()[o] + EPSILON);
            double normal = (out[o] - norm.mean().values()[o]) / deviation;
            out[o] =
                    Math.max(0, normal * norm.scale().values()[o] + norm.shift().values()[o]);
        }
        return out;
    }

    private FloatTensor tensor(double spread, long... shape) {
        int size = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
        return FloatTensor.of(values(size, 0, spread), shape);
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
