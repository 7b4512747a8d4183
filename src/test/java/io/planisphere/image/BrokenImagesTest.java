package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenImagesTest {
    private static final Decoder DECODER = new Decoder(ImageLimits.DEFAULT);

    @AfterAll
    static void close() {
        DECODER.close();
    }

    static List<BrokenImages.Kind> kinds() {
        return BrokenImages.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindHasItsStatusAndAReason(BrokenImages.Kind kind) {
        Decoded decoded = DECODER.decodeWhole(kind.bytes());

        if (decoded instanceof Decoded.Rejected no) {
            assertThat(no.why()).as(no.detail()).isEqualTo(kind.status());
            assertThat(no.detail()).isNotBlank().doesNotContain("\n");
        } else {
            assertThat(Status.OK).isEqualTo(kind.status());
        }
    }

    /** A decoder that has processed all of them still decodes a valid photo correctly. */
    @Test
    void aValidPhotoAfterBrokenOnesIsDecoded() {
        BrokenImages.all().forEach(kind -> DECODER.decodeWhole(kind.bytes()));

        assertThat(DECODER.decodeWhole(BrokenImages.sound())).isInstanceOf(Decoded.Ok.class);
        assertThat(BrokenImages.all()).hasSizeGreaterThan(50);
    }
}
