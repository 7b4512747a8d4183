package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tests run lengths of BMPs and codes of GIFs that extend beyond their picture or end before it. */
class HostileRunsTest {
    private static final int PIXELS_AT = 10;

    @Test
    void runsAreClippedAtTheEndOfTheirRow() {
        byte[] bmp = runs(40, 1, 0, 0, 40, 2, 0, 0, 0, 1);
        assertThat(decode(bmp)).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void skipsBeyondThePictureEndThePicture() {
        assertThat(decode(runs(0, 2, 255, 255, 37, 1, 0, 1))).isInstanceOf(Decoded.Ok.class);
        assertThat(decode(runs(0, 2, 255, 0, 37, 1, 0, 1))).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void pixelsBeyondTheirRowAreUndecodable() {
        assertRejected(
                decode(runs(35, 1, 0, 4, 1, 2, 3, 4, 0, 1)),
                Status.UNDECODABLE,
                "4 pixels from column 35 of a row of 37");
    }

    @Test
    void runsThatEndBeforeThePictureAreTruncated() {
        assertRejected(decode(runs(37, 1, 0, 0, 37, 1)), Status.TRUNCATED, "its run lengths end before its last row");
    }

    @Test
    void unsupportedHeadersAndCompressionsAreNamed() {
        byte[] header = Samples.form("rle8.bmp");
        header[14] = 16;
        assertRejected(decode(header), Status.UNSUPPORTED, "BMP with a header of 16 bytes");
        byte[] os2 = Samples.form("os2_version2.bmp");
        os2[30] = 3;
        assertRejected(decode(os2), Status.UNSUPPORTED, "compression 3 of 4 bits per pixel, header of 64 bytes");
        byte[] gaps = Samples.form("rgb565.bmp");
        gaps[54] = 5;
        assertRejected(decode(gaps), Status.UNSUPPORTED, "bit field f805 in 16 bits per pixel");
    }

    @Test
    void invalidCodesOfAGifAreUndecodable() {
        byte[] gif = Samples.form("palette.gif");
        int codes = (int) GifStructure.firstFrame(Bytes.littleEndian(PhotoBytes.of(gif)))
                .orElseThrow()
                .data();
        byte[] wide = gif.clone();
        wide[codes] = 12;
        assertRejected(decode(wide), Status.UNDECODABLE, "LZW of 12 bits per pixel");
        byte[] early = gif.clone();
        Arrays.fill(early, codes + 2, codes + 40, (byte) 0xFE);
        assertRejected(decode(early), Status.UNDECODABLE, "before there are that many");
        byte[] ended = gif.clone();
        ended[codes + 1] = 0; // no data
        assertRejected(decode(ended), Status.TRUNCATED, "its first frame ends in row 0");
    }

    /** Returns an 8-bit BMP of 37 x 26 with these run lengths. */
    private static byte[] runs(int... values) {
        byte[] bmp = Samples.form("rle8_skips.bmp");
        int start = ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).getInt(PIXELS_AT);
        byte[] changed = Arrays.copyOf(bmp, start + values.length);
        for (int i = 0; i < values.length; i++) {
            changed[start + i] = (byte) values[i];
        }
        return changed;
    }

    private static Decoded decode(byte[] photo) {
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT)) {
            return decoder.decodeWhole(photo);
        }
    }

    private static void assertRejected(Decoded decoded, Status why, String detail) {
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        assertThat(((Decoded.Rejected) decoded).detail()).contains(detail);
        assertThat(((Decoded.Rejected) decoded).why()).isEqualTo(why);
    }
}
