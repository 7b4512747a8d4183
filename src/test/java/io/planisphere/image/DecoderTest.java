package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
    private static final Preprocessing WHOLE = rule(new Resize.None(), 8);

    // formats whose files can lack bytes after the picture: a second picture, the link to the next directory, the
    // trailer, padding
    private static final String MAY_LACK_THEIR_END =
            "mpf.jpg|trailing.jpg|fax4.tif|old_jpeg.*|grey\\d+.tif|low_bits_first.tif|orientation_byte.*|.*gif|.*bmp";

    private static Decoder decoder;

    @BeforeAll
    static void open() {
        decoder = new Decoder(ImageLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        decoder.close();
    }

    static List<String> forms() {
        return Samples.forms();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void everyFormatColourModelAndOrientationMatchesPillow(String name) {
        Pixels pixels = pixels(Samples.form(name), WHOLE);
        Samples.Rgb golden = Samples.goldenOf(name);
        assertThat(new Size(pixels.width(), pixels.height())).isEqualTo(new Size(golden.width(), golden.height()));
        // OpenCV multiplies CMYK with a shift where Pillow divides by 255, and libtiff has its own YCbCr conversion
        // for old-style JPEG
        boolean differs = name.contains("cmyk.j") || name.contains("cmyk_no") || name.contains("ycck");
        int tolerance = differs || name.startsWith("old_jpeg") ? 1 : 0;
        assertThat(golden.largestDifference(Samples.valuesOf(pixels))).isLessThanOrEqualTo(tolerance);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aPrefixIsRejectedUnlessItContainsTheWholePicture(String name) {
        byte[] whole = Samples.form(name);
        Samples.Rgb golden = Samples.goldenOf(name);
        for (int length = 0; length < whole.length; length++) {
            Decoded decoded = decoder.decode(Arrays.copyOf(whole, length), WHOLE);
            if (decoded instanceof Decoded.Ok ok) {
                assertThat(golden.largestDifference(Samples.valuesOf(ok.pixels())))
                        .as("the first %s of %s bytes", length, whole.length)
                        .isLessThanOrEqualTo(1);
                assertThat(name).matches(MAY_LACK_THEIR_END);
            } else {
                assertThat(((Decoded.Rejected) decoded).why())
                        .isIn(Status.EMPTY, Status.TRUNCATED, Status.NOT_AN_IMAGE);
            }
        }
    }

    @Test
    void aFailedPhotoDoesNotExposeThePreviousPhoto() {
        pixels(Samples.form("rgb.tif"), WHOLE);
        byte[] broken = Samples.form("palette.gif");
        long codes = GifStructure.firstFrame(Bytes.littleEndian(PhotoBytes.of(broken)))
                .orElseThrow()
                .data();
        Arrays.fill(broken, (int) codes + 2, (int) codes + 40, (byte) 0xFE);
        Decoded decoded = decoder.decode(broken, WHOLE);
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        assertThat(((Decoded.Rejected) decoded).why()).isEqualTo(Status.UNDECODABLE);
        assertThat(((Decoded.Rejected) decoded).detail()).doesNotContain("\n").startsWith("GIF of 37 x 26: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb_444.jpg", "rgb_420.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"})
    void aScanThatStopsEarlyIsTruncatedEvenWithAnEndMarker(String name) {
        byte[] whole = Samples.form(name);
        int scan = firstScan(whole);
        byte[] cut = Arrays.copyOf(whole, scan + (name.startsWith("prog") ? 4 : (whole.length - scan) / 2));
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        Decoded decoded = decoder.decode(cut, WHOLE);
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        assertThat(((Decoded.Rejected) decoded).why()).isEqualTo(Status.TRUNCATED);
    }

    @Test
    void aPhotoWithAGreyEndIsComplete() throws IOException {
        var grey = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 32; i++) {
            grey.setRGB(i % 40, i / 40, i < 400 ? 0x2040A0 : 0x808080);
        }
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(grey, "jpg", jpeg);
        assertThat(decoder.decode(jpeg.toByteArray(), WHOLE)).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void aJpegFarAboveItsTargetIsReducedAndReportsItsOriginalSize() throws IOException {
        byte[] large = jpeg(801, 643);
        Pixels pixels = pixels(large, rule(new Resize.ShortestSide(40), 32));
        assertThat(pixels.reduction()).isEqualTo(4);
        assertThat(new Size(pixels.width(), pixels.height())).isEqualTo(new Size(801, 643));
        assertThat(new Size(pixels.rgb().cols(), pixels.rgb().rows())).isEqualTo(new Size(201, 161));
        assertThat(pixels(large, rule(new Resize.ShortestSide(90), 32)).reduction())
                .isEqualTo(1);
        assertThat(pixels(large, WHOLE).reduction()).isEqualTo(1);
    }

    /** 643 pixels for 90 are a factor of 7.1: half the size leaves 3.6, a quarter 1.8. */
    @ParameterizedTest
    @CsvSource({"4, 1", "3, 2", "2, 2", "1.7, 4", "1, 4"})
    void theReducingGapLimitsTheReduction(double gap, int reduction) throws IOException {
        try (Decoder gapped = new Decoder(new ImageLimits(1_000_000, 1 << 20, gap, Resizing.EXACT))) {
            Decoded decoded = gapped.decode(jpeg(801, 643), rule(new Resize.ShortestSide(90), 32));
            assertThat(((Decoded.Ok) decoded).pixels().reduction()).isEqualTo(reduction);
        }
    }

    @Test
    void photosOverThePixelLimitAreRejectedBeforeDecoding() {
        try (Decoder small = new Decoder(new ImageLimits(37 * 26 - 1, 1 << 20))) {
            Decoded decoded = small.decode(Samples.form("rgb.png"), WHOLE);
            assertThat(decoded)
                    .isEqualTo(new Decoded.Rejected(
                            Status.TOO_LARGE, "PNG: 37 x 26 pixels, over the limit of 961", 37, 26));
        }
    }

    @Test
    void aRejectedPhotoHasItsUprightSize() {
        byte[] cut = Samples.form("orientation6.jpg");
        Decoded.Rejected decoded = (Decoded.Rejected) decoder.decode(Arrays.copyOf(cut, cut.length - 40), WHOLE);
        assertThat(new Size(decoded.width(), decoded.height())).isEqualTo(new Size(18, 29));
    }

    @Test
    void nativeMemoryStaysConstantOverThousandsOfPhotos() throws IOException {
        List<byte[]> photos = new ArrayList<>();
        Samples.forms().forEach(name -> photos.add(Samples.form(name)));
        photos.add(jpeg(801, 643));
        photos.add(Arrays.copyOf(photos.get(0), 500));
        decodeAll(photos, 10);
        // the heap and the compilers grow in some of the rounds, a leak in all of them
        long leastGrowth = Long.MAX_VALUE;
        for (int turn = 0; turn < 5 && leastGrowth >= 4_000; turn++) {
            long before = residentKilobytes();
            decodeAll(photos, 30);
            leastGrowth = Math.min(leastGrowth, residentKilobytes() - before);
        }
        assertThat(leastGrowth).isLessThan(4_000);
    }

    private static void decodeAll(List<byte[]> photos, int times) {
        for (int i = 0; i < times; i++) {
            photos.forEach(photo -> decoder.decode(photo, WHOLE));
        }
    }

    private static long residentKilobytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static byte[] jpeg(int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, i * 7919);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        return out.toByteArray();
    }

    private static int firstScan(byte[] jpeg) {
        for (int i = 0; ; i++) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xDA) {
                return i + 2 + (jpeg[i + 3] & 255);
            }
        }
    }

    private static Pixels pixels(byte[] bytes, Preprocessing target) {
        Decoded decoded = decoder.decode(bytes, target);
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok) decoded).pixels();
    }

    private static Preprocessing rule(Resize resize, int crop) {
        return new Preprocessing(
                resize,
                new Size(crop, crop),
                Resampling.BILINEAR,
                1,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                Layout.NHWC);
    }
}
