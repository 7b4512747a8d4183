package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the bytes of a photo. The result must be a status with a reason, or pixels of the size that the header states. */
class PhotoFuzzTest {
    private static final ImageLimits LIMITS = new ImageLimits(1_000_000, 1 << 20);
    private static final Decoder DECODER = new Decoder(LIMITS);

    @AfterAll
    static void close() {
        DECODER.close();
    }

    static Stream<byte[]> seeds() {
        List<byte[]> broken =
                BrokenImages.all().stream().map(BrokenImages.Kind::bytes).toList();
        List<byte[]> sound = Samples.forms().stream().map(Samples::form).toList();
        return Stream.concat(broken.stream(), sound.stream()).filter(bytes -> bytes.length < 20_000);
    }

    @MethodSource("seeds")
    @FuzzTest
    void aPhotoIsRejectedWithAReasonOrDecodedAtItsSize(byte[] bytes) {
        ExifPlace.of(bytes);
        if (DECODER.decodeWhole(bytes) instanceof Decoded.Ok ok) {
            Sniffed.Complete sniffed = (Sniffed.Complete) new Sniffer(LIMITS).sniff(bytes);
            assertThat(ok.pixels().rgb().cols()).isEqualTo(sniffed.header().uprightWidth());
            assertThat(ok.pixels().rgb().rows()).isEqualTo(sniffed.header().uprightHeight());
        } else {
            Decoded.Rejected no = (Decoded.Rejected) DECODER.decodeWhole(bytes);
            assertThat(no.why()).isNotEqualTo(Status.OK);
            assertThat(no.detail()).isNotBlank().doesNotContain("\n");
        }
    }
}
