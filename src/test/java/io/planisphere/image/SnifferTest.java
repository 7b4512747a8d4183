package io.planisphere.image;

import static io.planisphere.image.Status.NOT_AN_IMAGE;
import static io.planisphere.image.Status.TRUNCATED;
import static io.planisphere.image.Status.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.planisphere.image.Sniffer.Placeholder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SnifferTest {
    private static final Sniffer SNIFFER = new Sniffer(ImageLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "rgb_420.jpg, JPEG, 3",
        "grey.jpg, JPEG, 1",
        "ycck.jpg, JPEG, 4",
        "progressive.jpg, JPEG, 3",
        "rgba16.png, PNG, 4",
        "grey_alpha.png, PNG, 2",
        "palette.png, PNG, 1",
        "lossy.webp, WEBP, 3",
        "lossless_alpha.webp, WEBP, 4",
        "animated.webp, WEBP, 4",
        "animated.gif, GIF, 1",
        "cmyk.tif, TIFF, 4",
        "rgb.bmp, BMP, 3",
        "palette.bmp, BMP, 1"
    })
    void kindSizeAndComponentsAreKnownBeforeDecoding(String name, ImageKind kind, int components) {
        assertThat(SNIFFER.sniff(Samples.form(name)))
                .isEqualTo(new Sniffed.Complete(new Header(kind, 37, 26, 1, components)));
    }

    @ParameterizedTest
    @CsvSource({"jpg", "png", "webp", "tif"})
    void orientationIsReadFromEveryKindThatCarriesIt(String extension) {
        for (int orientation = 1; orientation <= 8; orientation++) {
            Header header = header(Samples.form("orientation" + orientation + "." + extension));
            assertThat(header.orientation()).isEqualTo(orientation);
            assertThat(header.width()).isEqualTo(29);
            assertThat(header.uprightWidth()).isEqualTo(orientation >= 5 ? 18 : 29);
            assertThat(header.uprightHeight()).isEqualTo(orientation >= 5 ? 29 : 18);
        }
    }

    @Test
    void zeroBytesAreEmpty() {
        assertThat(SNIFFER.sniff(new byte[0])).isEqualTo(new Sniffed.Rejected(Status.EMPTY, "0 bytes", 0, 0));
    }

    @Test
    void bytesOverTheLimitAreTooLarge() {
        Sniffer small = new Sniffer(new ImageLimits(1000, 100));
        assertThat(small.sniff(Samples.form("rgb.png")))
                .isEqualTo(new Sniffed.Rejected(Status.TOO_LARGE, "2116 bytes, over the limit of 100", 0, 0));
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments(
                        "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>",
                        NOT_AN_IMAGE,
                        "an XML text: <?xml"),
                arguments("\u00EF\u00BB\u00BF<?xml version=\"1.0\"?>", NOT_AN_IMAGE, "an XML text"),
                arguments("<!DOCTYPE html><html>gone</html>", NOT_AN_IMAGE, "an HTML page"),
                arguments("Not found", NOT_AN_IMAGE, "a text: Not found"),
                arguments("BM is how this text begins", NOT_AN_IMAGE, "a text"),
                arguments("%PDF-1.7", NOT_AN_IMAGE, "PDF"),
                arguments("PK\3\4", NOT_AN_IMAGE, "zip"),
                arguments("RIFF\1\0\0\0AVI LIST", NOT_AN_IMAGE, "RIFF file of type AVI"),
                arguments("\0\0\0\30ftypisom", NOT_AN_IMAGE, "video of brand isom"),
                arguments("\1\2\3", NOT_AN_IMAGE, "unknown kind"),
                arguments("\0\0\0\30ftypheic", UNSUPPORTED, "HEIC"),
                arguments("\0\0\0\30ftypavif", UNSUPPORTED, "AVIF"),
                arguments("\0\0\0\14jP  \r\n\u0087\n", UNSUPPORTED, "JPEG 2000"),
                arguments("\u00FF\n\u00FA", UNSUPPORTED, "JPEG XL"),
                arguments("8BPS\0\1", UNSUPPORTED, "Photoshop"),
                arguments("<svg xmlns=", UNSUPPORTED, "SVG"),
                arguments("<?xml version=\"1.0\"?><svg>", UNSUPPORTED, "SVG"),
                arguments("P6 3 2 255 ", UNSUPPORTED, "Netpbm"),
                arguments("II+\0\10\0", TRUNCATED, "in its header"),
                arguments("\u0089PNG", TRUNCATED, "in its signature"),
                arguments("GIF8", TRUNCATED, "in its signature"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void unreadableBytesAreNamedByTheirKind(String body, Status why, String detail) {
        assertRejected(body.getBytes(StandardCharsets.ISO_8859_1), why, detail);
    }

    @Test
    void aPlaceholderIsKnownByItsDigest() throws Exception {
        byte[] picture = Samples.form("grey.jpg");
        String sha1 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(picture));
        Sniffer sniffer = new Sniffer(ImageLimits.DEFAULT, new Placeholder(picture.length, sha1));
        assertThat(((Sniffed.Rejected) sniffer.sniff(picture)).why()).isEqualTo(Status.PLACEHOLDER);
        picture[picture.length - 3] ^= 1;
        assertThat(sniffer.sniff(picture)).isInstanceOf(Sniffed.Complete.class);
        assertThat(Sniffer.FLICKR_PLACEHOLDER.length()).isEqualTo(9218);
    }

    @ParameterizedTest
    @CsvSource({"CB, Lossless arithmetic-coded JPEG", "C3, Lossless JPEG in YCbCr", "C5, Hierarchical JPEG"})
    void codingsThatLibjpegCannotReadAreUnsupported(String marker, String name) {
        byte[] jpeg = Samples.form("rgb_444.jpg");
        jpeg[frameAt(jpeg) + 1] = (byte) Integer.parseInt(marker, 16);
        assertRejected(jpeg, Status.UNSUPPORTED, "JPEG: " + name);
    }

    @Test
    void twelveBitAndTwoComponentJpegsAreUnsupported() {
        byte[] jpeg = Samples.form("rgb_444.jpg");
        jpeg[frameAt(jpeg) + 4] = 12;
        assertRejected(jpeg, Status.UNSUPPORTED, "12-bit JPEG");
    }

    @Test
    void sizesThatExceedTheBytesAreTruncatedWithoutAllocation() {
        assertRejected(pngOf(9000, 9000), Status.TRUNCATED, "PNG: 2059 bytes of image data cannot hold 9000 x 9000");
        assertRejected(pngOf(65535, 65535), Status.TOO_LARGE, "over the limit of 100000000");
        assertRejected(pngOf(-1, -1), Status.TOO_LARGE, "PNG: 4294967295 x 4294967295 pixels");
        assertRejected(pngOf(2_000_000, 1), Status.TOO_LARGE, "a side over 1048576");
        assertRejected(pngOf(0, 26), Status.UNDECODABLE, "PNG: No pixels: 0 x 26");
        byte[] jpeg = Samples.form("rgb_444.jpg");
        ByteBuffer.wrap(jpeg).putShort(frameAt(jpeg) + 5, (short) 9000).putShort(frameAt(jpeg) + 7, (short) 9000);
        assertRejected(jpeg, Status.TRUNCATED, "cannot hold the");
        byte[] bmp = Samples.form("rgb.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 9000).putInt(22, -9000);
        assertRejected(bmp, Status.TRUNCATED, "BMP: Pixels of 243000000 bytes");
        byte[] tiff = Samples.form("grey.tif");
        Bytes in = Bytes.littleEndian(PhotoBytes.of(tiff));
        ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putShort((int) in.u32(4) + 2 + 8, (short) 9000);
        assertRejected(tiff, Status.TRUNCATED, "strip or tile 0 takes 234000 bytes from 122");
    }

    @Test
    void aJpegWithTooManyScansIsRejected() {
        byte[] jpeg = Samples.form("progressive.jpg");
        int scan = scanAt(jpeg);
        byte[] bomb = Arrays.copyOf(jpeg, scan + 101 * 14 + 2);
        for (int i = 0; i < 101; i++) {
            System.arraycopy(jpeg, scan, bomb, scan + 14 * i, 14);
        }
        assertRejected(bomb, Status.UNDECODABLE, "More than 100 scans");
    }

    /** The message contains its position. Before it there are bytes that almost begin a marker, FF as data, and restarts. */
    @Test
    void theMarkerThatEndsAScanIsFoundAtAnyPosition() {
        byte[] jpeg = Samples.form("rgb_444.jpg");
        int scan = scanAt(jpeg) + 14; // after the scan's header, of three components
        Random random = new Random(1);
        int[] nearly = {0xFE, 0x7F, 0x80, 0x00, 0x01};
        for (int length = 0; length < 200; length++) {
            byte[] cut = Arrays.copyOf(jpeg, scan + length + 2);
            int at = scan;
            while (at < scan + length) {
                int draw = random.nextInt(12);
                boolean pair = draw >= 9 && at + 1 < scan + length;
                cut[at++] = (byte) (pair ? 0xFF : nearly[draw % nearly.length]);
                if (pair) {
                    cut[at++] = (byte) (draw == 9 ? 0xD0 + random.nextInt(8) : 0);
                }
            }
            cut[at] = (byte) 0xFF;
            cut[at + 1] = (byte) 0xD8;
            assertRejected(cut, Status.TRUNCATED, "Another image begins at byte " + at + " ");
            assertRejected(Arrays.copyOf(cut, at + 1), Status.TRUNCATED, "Ends after " + (at + 1) + " bytes");
        }
    }

    @Test
    void aDamagedPngChunkIsNamed() {
        byte[] png = Samples.form("rgb.png");
        png[200] ^= 1;
        assertRejected(png, Status.UNDECODABLE, "PNG: Wrong checksum of chunk IDAT at byte 33");
    }

    private static byte[] pngOf(int width, int height) {
        byte[] png = Samples.form("rgb.png");
        ByteBuffer in = ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        CRC32 checksum = new CRC32();
        checksum.update(png, 12, 17);
        in.putInt(29, (int) checksum.getValue());
        return png;
    }

    private static int scanAt(byte[] jpeg) {
        int at = 0;
        while (jpeg[at] != (byte) 0xFF || jpeg[at + 1] != (byte) 0xDA) {
            at++;
        }
        return at;
    }

    private static int frameAt(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xC0) {
            at += 2 + Bytes.bigEndian(PhotoBytes.of(jpeg)).u16(at + 2);
        }
        return at;
    }

    private static Header header(byte[] bytes) {
        Sniffed sniffed = SNIFFER.sniff(bytes);
        assertThat(sniffed).isInstanceOf(Sniffed.Complete.class);
        return ((Sniffed.Complete) sniffed).header();
    }

    private static void assertRejected(byte[] bytes, Status why, String detail) {
        Sniffed sniffed = SNIFFER.sniff(bytes);
        assertThat(sniffed).isInstanceOf(Sniffed.Rejected.class);
        assertThat(((Sniffed.Rejected) sniffed).detail()).contains(detail);
        assertThat(((Sniffed.Rejected) sniffed).why()).isEqualTo(why);
    }
}
