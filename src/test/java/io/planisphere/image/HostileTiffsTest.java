package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests TIFFs with false claims and unsupported TIFFs: each is rejected by its header, with the reason. */
class HostileTiffsTest {
    private static final int START = 8;

    @Test
    void thePixelLimitAppliesToTilesOfSmallPictures() {
        byte[] tiff = Samples.form("rgb16_tiles.tif");
        set(tiff, TiffDirectory.TILE_WIDTH, 65_520);
        set(tiff, TiffDirectory.TILE_HEIGHT, 65_520);
        assertRejected(tiff, Status.TOO_LARGE, "Tiles of 65520 x 65520 pixels, over the limit of 100000000");
        set(tiff, TiffDirectory.TILE_WIDTH, 0);
        assertRejected(tiff, Status.UNDECODABLE, "Tiles of 0 x 65520");
    }

    @Test
    void thePixelLimitAppliesToAJpegInATiff() {
        byte[] tiff = Samples.form("jpeg_strips.tif");
        int frame = frameAt(tiff, 0);
        ByteBuffer.wrap(tiff).putShort(frame + 5, (short) 65_500).putShort(frame + 7, (short) 65_500);
        assertRejected(tiff, Status.TOO_LARGE, "JPEG in it: 65500 x 65500 pixels, over the limit of 100000000");
        ByteBuffer.wrap(tiff).putShort(frame + 5, (short) 4).putShort(frame + 7, (short) 4);
        assertRejected(tiff, Status.UNDECODABLE, "JPEG of 4 x 4 in a strip or tile of 37 x 16");
        tiff[frame + 4] = 12;
        assertRejected(tiff, Status.UNSUPPORTED, "JPEG in it: 12-bit JPEG");
        byte[] old = Samples.form("old_jpeg.tif");
        ByteBuffer.wrap(old).putShort(frameAt(old, START) + 5, (short) 65_500).putShort(frameAt(old, START) + 7, (short)
                65_500);
        assertRejected(old, Status.TOO_LARGE, "JPEG in it: 65500 x 65500");
    }

    @Test
    void oldStyleJpegIsReadOnlyInOnePiece() {
        byte[] other = Samples.form("old_jpeg.tif");
        set(other, TiffDirectory.WIDTH, 36);
        assertRejected(other, Status.UNSUPPORTED, "Old-style JPEG (compression 6) of 37 x 26 in a TIFF of 36 x 26");
        byte[] scattered = Samples.form("old_jpeg.tif");
        scattered[START] = 0; // no JPEG begins at this offset
        assertRejected(scattered, Status.UNSUPPORTED, "Old-style JPEG (compression 6) that is not in one piece");
        byte[] cut = Samples.form("old_jpeg_without_end.tif");
        byte[] half = Arrays.copyOf(cut, 300); // its directory is at its end
        assertRejected(half, Status.TRUNCATED, "before its directory");
    }

    @Test
    void offsetsOfABigTiffBeyondTheFileAreTruncated() {
        byte[] far = Samples.form("big.tif");
        ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putLong(8, -16);
        assertRejected(far, Status.TRUNCATED, "before its directory at byte 4611686018427387904");
        byte[] many = Samples.form("big.tif");
        ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putLong(16, Long.MAX_VALUE);
        assertRejected(many, Status.TRUNCATED, "in its directory of 4611686018427387904 entries");
        byte[] strip = Samples.form("big.tif");
        TiffDirectory.Values offset = valuesOf(strip, TiffDirectory.STRIP_OFFSETS);
        strip[(int) offset.at() + 1] = (byte) 0x7f;
        assertRejected(strip, Status.TRUNCATED, "but strip or tile 0 takes 2886 bytes from");
    }

    @Test
    void unsupportedFormsAreNamed() {
        assertRejected(with("rgb.tif", TiffDirectory.PHOTOMETRIC, 8), "Photometric interpretation 8, CIE L*a*b*");
        assertRejected(with("rgb.tif", TiffDirectory.COMPRESSION, 34925), "Compression 34925, LZMA");
        assertRejected(with("grey12.tif", TiffDirectory.BITS, 10), "1 samples of 10 bits, unsigned");
        assertRejected(with("float.tif", TiffDirectory.BITS, 64), "1 samples of 64 bits, floating-point");
        assertRejected(with("cmyk.tif", TiffDirectory.SAMPLES, 3), "3 samples of 8 bits");
    }

    @Test
    void compressedDataThatEndsEarlyIsTruncated() {
        for (String name : new String[] {"big_lzw.tif", "planes.tif", "packbits.tif", "float_predictor.tif"}) {
            byte[] tiff = Samples.form(name);
            TiffDirectory directory = TiffDirectory.of(PhotoBytes.of(tiff));
            set(tiff, TiffDirectory.STRIP_COUNTS, directory.value(TiffDirectory.STRIP_COUNTS, 0) / 2);
            assertRejected(tiff, Status.TRUNCATED, "TIFF of 37 x 26: ");
        }
    }

    private static void assertRejected(byte[] tiff, String detail) {
        assertRejected(tiff, Status.UNSUPPORTED, detail);
    }

    private static void assertRejected(byte[] tiff, Status why, String detail) {
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT)) {
            Decoded decoded = decoder.decodeWhole(tiff);
            assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
            assertThat(((Decoded.Rejected) decoded).detail()).contains(detail);
            assertThat(((Decoded.Rejected) decoded).why()).isEqualTo(why);
        }
    }

    private static byte[] with(String form, int tag, long value) {
        byte[] tiff = Samples.form(form);
        set(tiff, tag, value);
        return tiff;
    }

    /** Changes the first value of a tag. */
    private static void set(byte[] tiff, int tag, long value) {
        TiffDirectory.Values values = valuesOf(tiff, tag);
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(TiffDirectory.orderOf(PhotoBytes.of(tiff)));
        if (values.width() == 2) {
            for (int i = 0; i < values.count(); i++) {
                bytes.putShort((int) values.at() + 2 * i, (short) value);
            }
        } else {
            bytes.putInt((int) values.at(), (int) value);
        }
    }

    private static TiffDirectory.Values valuesOf(byte[] tiff, int tag) {
        return Objects.requireNonNull(TiffDirectory.of(PhotoBytes.of(tiff)).valuesOf(tag));
    }

    private static int frameAt(byte[] tiff, int from) {
        int at = from;
        while (tiff[at] != (byte) 0xFF || tiff[at + 1] != (byte) 0xC0) {
            at++;
        }
        return at;
    }
}
