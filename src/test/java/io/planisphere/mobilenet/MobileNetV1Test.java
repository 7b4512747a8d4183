package io.planisphere.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MobileNetV1Test {
    private static final int IMAGENET_CLASSES = 1000;

    @Test
    void theFullNetworkHasTheWeightsAndTheMultiplyAddsOfThePaper() {
        MobileNetV1 network = new MobileNetV1(1, 224);

        // convolution weights alone, without the 21,888 of batch norm
        assertThat(network.bodyParameters()).isEqualTo(3_185_088);
        assertThat(network.bodyMultiplyAdds()).isEqualTo(567_716_352);
        assertThat(network.embeddingWidth()).isEqualTo(1024);
    }

    /** arXiv 1704.04861, tables 6 and 7: millions, rounded, with the classifier of 1000 classes. */
    @ParameterizedTest
    @CsvSource({
        "1, 224, 569, 4.2",
        "0.75, 224, 325, 2.6",
        "0.5, 224, 149, 1.3",
        "0.25, 224, 41, 0.5",
        "1, 192, 418, 4.2",
        "1, 160, 290, 4.2",
        "1, 128, 186, 4.2"
    })
    void costsAreThoseOfThePapersTables(double multiplier, int resolution, double millionAdds, double millionWeights) {
        MobileNetV1 network = new MobileNetV1(multiplier, resolution);
        long classifier = (long) network.embeddingWidth() * IMAGENET_CLASSES;

        assertThat((network.bodyMultiplyAdds() + classifier) / 1e6).isCloseTo(millionAdds, within(1.0));
        assertThat((network.bodyParameters() + classifier) / 1e6).isCloseTo(millionWeights, within(0.06));
    }

    @Test
    void aNarrowNetworkKeepsAtLeastEightChannels() {
        assertThat(new MobileNetV1(0.1, 128).body())
                .allSatisfy(convolution -> assertThat(convolution.outputs()).isGreaterThanOrEqualTo(8));
    }

    @Test
    void eachConvolutionTakesWhatTheOneBeforeGives() {
        Convolution before = null;
        for (Convolution convolution : new MobileNetV1(0.25, 128).body()) {
            if (before != null) {
                assertThat(convolution.inputs()).isEqualTo(before.outputs());
                assertThat(convolution.inputSize()).isEqualTo(before.outputSize());
            }
            before = convolution;
        }
        assertThat(before).isEqualTo(new Convolution(256, 256, 1, 1, 1, 4));
    }

    @Test
    void aMultiplierThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> new MobileNetV1(Double.NaN, 224)).hasMessageContaining("over 0, got NaN");
    }
}
