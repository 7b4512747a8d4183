package io.planisphere.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

    @ParameterizedTest
    @EnumSource
    void eachConvolutionFitsThePreviousOne(Member member) {
        List<Convolution> all = member.of(0.35, 161).convolutions().stream()
                .map(Layer.Normalised::convolution)
                .toList();

        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).inputs()).isEqualTo(all.get(i - 1).outputs());
            assertThat(all.get(i).inputSize()).isEqualTo(all.get(i - 1).outputSize());
        }
        assertThat(all).allSatisfy(each -> assertThat(each.outputs()).isGreaterThanOrEqualTo(8));
        assertThat(all.get(all.size() - 1).outputSize()).isEqualTo(6);
    }

    @Test
    void aNameWithWidthAndResolutionIsAnArchitecture() {
        assertThat(Member.described("mobilenet-v1:0.5:160")).contains(MobileNetV1.of(0.5, 160));
        assertThat(Member.described("mobilenet-v2:1.4")).contains(MobileNetV2.of(1.4, 224));
        assertThat(Member.described("mobilenet-v3-small")).contains(MobileNetV3.small(1, 224));
        assertThat(Member.described("mobilenet-places")).isEmpty();
        assertThat(Member.described("models/mobilenet-v1")).isEmpty();
    }

    @Test
    void invalidArchitecturesAreRejected() {
        assertThatThrownBy(() -> MobileNetV1.of(Double.NaN, 224))
                .hasMessageContaining("over 0 and at most 16, got NaN");
        assertThatThrownBy(() -> Member.described("mobilenet-v1:0:160")).hasMessageContaining("got 0.0");
        assertThatThrownBy(() -> Member.described("mobilenet-v1:1:0")).hasMessageContaining("1 to 4096 pixels, got 0");
        assertThatThrownBy(() -> Member.described("mobilenet-v1:1.2.3")).hasMessageContaining("no number: 1.2.3");
        assertThatThrownBy(() -> Member.described("mobilenet-v9:1"))
                .hasMessage("There is no architecture mobilenet-v9; there are mobilenet-v1, mobilenet-v1-conv, "
                        + "mobilenet-v1-shallow, mobilenet-v2, mobilenet-v3-large, mobilenet-v3-small");
    }

    /** A block has a shortcut if the shapes allow it: in V2 ten of seventeen blocks. */
    @Test
    void blocksWithEqualInputAndOutputShapesAreResidual() {
        assertThat(MobileNetV2.of(1, 224).blocks().stream().filter(Block::isResidual))
                .hasSize(10);
        assertThat(MobileNetV3.large(1, 224).blocks().stream().filter(Block::isResidual))
                .hasSize(10);
        assertThat(MobileNetV3.small(1, 224).blocks().stream().filter(Block::isResidual))
                .hasSize(6);
    }

    /**
     * Memory peaks at the first pointwise layer of V1: 112 x 112 x 32 in, 112 x 112 x 64 out, in floats. In V2 it peaks at the
     * first depthwise layer with a stride: 112 x 112 x 96 in, 56 x 56 x 96 out.
     */
    @Test
    void memoryPeaksAtTheWidestLayer() {
        assertThat(MobileNetV1.of(1, 224).costs(1000).peakBytes()).isEqualTo(4L * 112 * 112 * (32 + 64));
        assertThat(MobileNetV2.of(1, 224).costs(1000).peakBytes()).isEqualTo(4L * 96 * (112 * 112 + 56 * 56));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.35, 0.75, 1, 1.4})
    void everyWidthCostsLessThanTheNext(double width) {
        for (Member member : Member.values()) {
            assertThat(member.of(width, 128).costs(10).multiplyAdds())
                    .isLessThan(member.of(width + 0.2, 128).costs(10).multiplyAdds());
        }
    }
}
