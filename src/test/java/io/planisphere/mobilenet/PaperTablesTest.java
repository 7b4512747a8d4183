package io.planisphere.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.cost.CostTable;
import io.planisphere.cost.CostTable.OfKind;
import io.planisphere.cost.LayerCost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests every cost that the MobileNets paper (arXiv 1704.04861) prints for its own networks, to the digits that it prints.
 * Where the paper contradicts itself, the figure that follows from its table 1 is expected here, and the printed one is given
 * beside it. Figures of other authors' networks (GoogleNet, VGG 16, SqueezeNet, AlexNet, Inception V3, FaceNet) cannot be
 * derived from table 1.
 */
class PaperTablesTest {
    private static final int IMAGENET = 1000;

    @Test
    void theBodyHasTheWeightsAndMultiplyAddsOfTable1() {
        CostTable costs = MobileNetV1.of(1, 224).costs(IMAGENET);

        assertThat(costs.weights() - 1024 * IMAGENET).isEqualTo(3_185_088);
        assertThat(costs.multiplyAdds() - 1024 * IMAGENET).isEqualTo(567_716_352);
        assertThat(MobileNetV1.of(1, 224).embeddingWidth()).isEqualTo(1024);
    }

    /**
     * The paper prints 1.19 % of multiply-adds for the first layer; its four shares then add up to 99.29 %. With 1.91 they add
     * up to 100.
     */
    @ParameterizedTest
    @CsvSource({
        "convolution 1 x 1, 94.86, 74.59",
        "depthwise 3 x 3,    3.06,  1.06",
        "convolution 3 x 3,  1.91,  0.02",
        "fully connected,    0.18, 24.33"
    })
    void table2SharesOfLayerTypes(String kind, String multiplyAdds, String weights) {
        CostTable costs = MobileNetV1.of(1, 224).costs(IMAGENET);
        OfKind of = costs.kinds().stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        assertPrinted(100.0 * of.multiplyAdds() / costs.multiplyAdds(), multiplyAdds);
        assertPrinted(100.0 * of.weights() / costs.weights(), weights);
    }

    /** One layer of 14 x 14 x 512; each line adds a technique. At ρ = 0.714 it has 10 pixels per side. */
    @Test
    void table3CostsOfOneLayer() {
        Convolution full = Convolution.full(512, 512, 3, 1, 14);
        assertPrinted(full.multiplyAdds() / 1e6, "462");
        assertPrinted(full.parameters() / 1e6, "2.36");
        assertSeparable(512, 14, "52.3", "0.27");
        assertSeparable(384, 14, "29.6", "0.15");
        assertSeparable(384, 10, "15.1", "0.15");
    }

    /** The paper's 4866 M of the full-convolution counterpart exclude its classifier; the 569 M of MobileNet include it. */
    @Test
    void table4DepthwiseSeparableAgainstFullConvolutions() {
        CostTable twin = MobileNetV1.convolutional(1, 224).costs(IMAGENET);

        assertPrinted((twin.multiplyAdds() - 1024 * IMAGENET) / 1e6, "4866");
        assertPrinted(twin.multiplyAdds() / 1e6, "4867");
        assertPrinted(twin.weights() / 1e6, "29.3");
        assertCosts(MobileNetV1.of(1, 224).costs(IMAGENET), "569", "4.2");
    }

    @Test
    void table5NarrowAgainstShallow() {
        assertCosts(MobileNetV1.of(0.75, 224).costs(IMAGENET), "325", "2.6");
        assertCosts(MobileNetV1.shallow(1, 224).costs(IMAGENET), "307", "2.9");
    }

    @ParameterizedTest
    @CsvSource({"1, 569, 4.2", "0.75, 325, 2.6", "0.5, 149, 1.3", "0.25, 41, 0.5"})
    void table6WidthMultipliers(double width, String multiplyAdds, String weights) {
        assertCosts(MobileNetV1.of(width, 224).costs(IMAGENET), multiplyAdds, weights);
    }

    /**
     * For 160 the paper prints 290; it is 290.7 with the classifier, which its other three lines include, and 289.7 without.
     */
    @ParameterizedTest
    @CsvSource({"224, 569", "192, 418", "160, 291", "128, 186"})
    void table7Resolutions(int resolution, String multiplyAdds) {
        assertCosts(MobileNetV1.of(1, resolution).costs(IMAGENET), multiplyAdds, "4.2");
    }

    @Test
    void table8TheFullNetworkAgainstOthers() {
        assertCosts(MobileNetV1.of(1, 224).costs(IMAGENET), "569", "4.2");
    }

    /** The paper prints 76 M; it is 76.5 with the classifier, which its parameters include, and 76.0 without. */
    @Test
    void table9TheSmallNetworkAgainstOthers() {
        CostTable costs = MobileNetV1.of(0.5, 160).costs(IMAGENET);

        assertPrinted((costs.multiplyAdds() - 512 * IMAGENET) / 1e6, "76");
        assertPrinted(costs.multiplyAdds() / 1e6, "77");
        assertPrinted(costs.weights() / 1e6, "1.32");
    }

    /**
     * Stanford Dogs, 120 breeds. At width 1 the paper prints 569 and 418, the figures of the networks with ImageNet's 1000
     * classes (table 7); its parameters are for 120 classes.
     */
    @ParameterizedTest
    @CsvSource({"1, 224, 568, 3.3", "0.75, 224, 325, 1.9", "1, 192, 417, 3.3", "0.75, 192, 239, 1.9"})
    void table10Dogs(double width, int resolution, String multiplyAdds, String weights) {
        assertCosts(MobileNetV1.of(width, resolution).costs(120), multiplyAdds, weights);
    }

    /**
     * Face attributes; the paper does not state their number, but each adds at most a thousandth of a million. The paper prints
     * 45 at 0.25-224, where its table 6 has 41 for the same body with 1000 classes; 48 at 0.5-128, where 48.6 to 48.7 is right;
     * and 15 at 0.25-128, a third of its 45, where 13 is right.
     */
    @ParameterizedTest
    @CsvSource({
        "1,    224, 568, 3.2",
        "0.5,  224, 149, 0.8",
        "0.25, 224,  41, 0.2",
        "1,    128, 185, 3.2",
        "0.5,  128,  49, 0.8",
        "0.25, 128,  13, 0.2"
    })
    void table12FaceAttributes(double width, int resolution, String multiplyAdds, String weights) {
        assertCosts(MobileNetV1.of(width, resolution).costs(40), multiplyAdds, weights);
    }

    /**
     * Distilled FaceNets, with an embedding of 128. The paper prints 286 at 1.0-160, where its table 7 has 290 with 1000
     * classes, and 108 at 0.75-128, where 106 is right. Its parameters (4.9, 5.5, 3.4 and 3.8 M) grow where the resolution
     * falls. No layer of table 1 and no head after a mean does so, so they include something that the paper does not describe.
     */
    @ParameterizedTest
    @CsvSource({"1, 160, 290, 3.3", "1, 128, 186, 3.3", "0.75, 160, 166, 1.9", "0.75, 128, 106, 1.9"})
    void table14FaceNets(double width, int resolution, String multiplyAdds, String weights) {
        assertCosts(MobileNetV1.of(width, resolution).costs(128), multiplyAdds, weights);
    }

    /**
     * PlaNet's 26,263 cells. The text states 13 M parameters, 3 in the body and 10 in the last layer, and 0.58 B multiply-adds.
     * A layer from 1024 features to this number of cells has 26.9 M of each, so theirs must be a different layer.
     */
    @Test
    void table11PlanetsCellsCostMoreThanTheBody() {
        assertCosts(MobileNetV1.of(1, 224).costs(26_263), "595", "30.1");
    }

    private static void assertSeparable(int channels, int size, String multiplyAdds, String weights) {
        Convolution depthwise = Convolution.depthwise(channels, 3, 1, size);
        Convolution pointwise = Convolution.full(channels, channels, 1, 1, size);
        assertPrinted((depthwise.multiplyAdds() + pointwise.multiplyAdds()) / 1e6, multiplyAdds);
        assertPrinted((depthwise.parameters() + pointwise.parameters()) / 1e6, weights);
    }

    private static void assertCosts(CostTable costs, String millionMultiplyAdds, String millionWeights) {
        assertPrinted(costs.multiplyAdds() / 1e6, millionMultiplyAdds);
        assertPrinted(costs.weights() / 1e6, millionWeights);
    }

    /** Compares after rounding to the number of printed digits. */
    private static void assertPrinted(double value, String printed) {
        BigDecimal expected = new BigDecimal(printed.strip());
        assertThat(BigDecimal.valueOf(value).setScale(expected.scale(), RoundingMode.HALF_UP))
                .isEqualTo(expected);
    }

    /**
     * MobileNet V2 (arXiv 1801.04381, table 4) states 3.4 M and 300 M for 1.0-224, 6.9 M and 585 M for 1.4-224. The first
     * parameter count is truncated, not rounded: 3,504,872 with normalisation and biases (torchvision's count), 3,469,760
     * without. The second one contradicts the authors' own published networks (TF-slim), which list 6.06 M and 582 M.
     */
    @Test
    void mobileNetV2CostsMatchItsPaper() {
        CostTable costs = MobileNetV2.of(1, 224).costs(IMAGENET);

        assertThat(costs.multiplyAdds()).isEqualTo(300_774_272);
        assertThat(costs.weights()).isEqualTo(3_469_760);
        CostTable wide = MobileNetV2.of(1.4, 224).costs(IMAGENET);
        assertCosts(wide, "582", "6.06");
        assertThat(MobileNetV2.of(0.5, 224).embeddingWidth()).isEqualTo(1280);
    }

    /**
     * MobileNet V3 (arXiv 1905.02244, tables 3 and 4): large 219 M and 5.4 M, small 56 M and 2.5 M. The large one has 217 M
     * multiply-adds here; 219 is 1.1 % more. Parameters are exact: torchvision's networks, with the same layers, have 5,483,032
     * and 2,542,856 with two values of batch norm per channel.
     */
    @Test
    void mobileNetV3CostsMatchItsPaper() {
        CostTable large = MobileNetV3.large(1, 224).costs(IMAGENET);
        CostTable small = MobileNetV3.small(1, 224).costs(IMAGENET);

        assertThat(large.multiplyAdds() / 1e6).isCloseTo(219, within(3.0));
        assertThat(small.multiplyAdds() / 1e6).isCloseTo(56, within(1.0));
        assertThat(large.parameters() + channels(MobileNetV3.large(1, 224))).isEqualTo(5_483_032);
        assertThat(small.parameters() + channels(MobileNetV3.small(1, 224))).isEqualTo(2_542_856);
    }

    private static long channels(Architecture architecture) {
        return architecture.convolutions().stream()
                .mapToLong(layer -> layer.convolution().outputs())
                .sum();
    }

    @Test
    void squeezeAndExciteAreFullyConnected() {
        assertThat(MobileNetV3.small(1, 224).costs(IMAGENET).layers().stream()
                        .filter(layer -> layer.name().contains("squeeze_excite"))
                        .map(LayerCost::kind))
                .hasSize(18)
                .containsOnly(LayerCost.FULLY_CONNECTED);
    }
}
