package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Preprocessing.Centring;
import io.planisphere.image.Preprocessing.Channels;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import io.planisphere.source.Photos;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreparerTest {
    private static final Pattern NAME = Pattern.compile("([A-Z]+)_(?:([a-z]+)([0-9x]*))_crop(\\d+)x(\\d+)\\.png");
    private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);
    private static Decoder decoder;

    @BeforeAll
    static void open() {
        decoder = new Decoder(ImageLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        decoder.close();
    }

    static List<Path> resized() throws IOException {
        try (Stream<Path> files = Files.list(Samples.RESIZED)) {
            return files.filter(f -> f.toString().contains("crop")).sorted().toList();
        }
    }

    /** A photo of 5 by 4 pixels whose red value is 10·row + column, cropped to 3 by 2. */
    @Test
    void cropsMatchTorchvisionsTenCrop() {
        Preprocessing rule =
                new Preprocessing(new Resize.None(), new Size(3, 2), Resampling.BILINEAR, 1, ZEROS, ONES, Layout.NHWC);
        BufferedImage photo = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 5; x++) {
                photo.setRGB(x, y, (10 * y + x) << 16);
            }
        }
        Pixels pixels = ((Decoded.Ok) decoder.decode(Photos.png(photo), rule)).pixels();

        assertThat(reds(pixels, Crop.CENTRE, rule)).containsExactly(11, 12, 13, 21, 22, 23);
        assertThat(reds(pixels, Crop.TOP_LEFT, rule)).containsExactly(0, 1, 2, 10, 11, 12);
        assertThat(reds(pixels, Crop.TOP_RIGHT, rule)).containsExactly(2, 3, 4, 12, 13, 14);
        assertThat(reds(pixels, Crop.BOTTOM_LEFT, rule)).containsExactly(20, 21, 22, 30, 31, 32);
        assertThat(reds(pixels, Crop.BOTTOM_RIGHT, rule)).containsExactly(22, 23, 24, 32, 33, 34);
        assertThat(reds(pixels, Crop.MIRRORED_TOP_LEFT, rule)).containsExactly(2, 1, 0, 12, 11, 10);
        Preprocessing planar =
                new Preprocessing(new Resize.None(), new Size(3, 2), Resampling.BILINEAR, 1, ZEROS, ONES, Layout.NCHW);
        assertThat(tensor(pixels, Crop.MIRRORED_BOTTOM_RIGHT, planar)).startsWith(24, 23, 22, 34, 33, 32, 0);
    }

    private static int[] reds(Pixels pixels, Crop crop, Preprocessing interleaved) {
        int[] tensor = tensor(pixels, crop, interleaved);
        int[] reds = new int[tensor.length / 3];
        for (int i = 0; i < reds.length; i++) {
            reds[i] = tensor[3 * i];
        }
        return reds;
    }

    private static int[] tensor(Pixels pixels, Crop crop, Preprocessing rule) {
        ByteBuffer target = Tensors.buffer(rule);
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(pixels, crop, target, 0);
        }
        return Tensors.values(target);
    }

    @ParameterizedTest
    @MethodSource("resized")
    void resizeAndCropEqualPillowBitByBit(Path golden) {
        Preprocessing rule = ruleOf(golden.getFileName().toString());
        Samples.Rgb expected = Samples.rgb(golden);
        assertThat(expected.largestDifference(prepared(rule))).isZero();
    }

    /**
     * Calculated by hand: in a photo that brightens from column to column, the centre of output column x is at (x + 0.5)
     * 200/150 - 0.5.
     */
    @Test
    void theFastResizeInterpolatesTwoNeighboursAtTheirPositions() throws IOException {
        BufferedImage photo = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 200; x++) {
            for (int y = 0; y < 100; y++) {
                photo.setRGB(x, y, (x << 16) | ((2 * y) << 8));
            }
        }
        Preprocessing rule = new Preprocessing(
                new Resize.ShortestSide(75), new Size(40, 50), Resampling.BILINEAR, 1, ZEROS, ONES, Layout.NHWC);

        int[] tensor = fast(photo, rule);

        for (int y = 0; y < 50; y++) {
            for (int x = 0; x < 40; x++) {
                int left = (150 - 40) / 2;
                int top = (75 - 50) / 2;
                assertThat((double) tensor[3 * (40 * y + x)])
                        .isCloseTo((left + x + 0.5) * 200 / 150 - 0.5, within(1.0));
                assertThat((double) tensor[3 * (40 * y + x) + 1])
                        .isCloseTo(2 * ((top + y + 0.5) * 100 / 75 - 0.5), within(1.0));
            }
        }
    }

    /** Calculated by hand: the mean of four by four pixels. */
    @Test
    void theFastResizeOfALargePhotoUsesEveryPixel() throws IOException {
        BufferedImage photo = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
        int[] sums = new int[20 * 15];
        Random noise = new Random(1);
        for (int x = 0; x < 80; x++) {
            for (int y = 0; y < 60; y++) {
                int value = noise.nextInt(256);
                photo.setRGB(x, y, value << 8);
                sums[20 * (y / 4) + x / 4] += value;
            }
        }
        Preprocessing rule = new Preprocessing(
                new Resize.Exact(new Size(20, 15)), new Size(20, 15), Resampling.BICUBIC, 1, ZEROS, ONES, Layout.NHWC);

        int[] tensor = fast(photo, rule);

        for (int i = 0; i < sums.length; i++) {
            assertThat((double) tensor[3 * i + 1]).isCloseTo(sums[i] / 16.0, within(0.6));
        }
    }

    private static int[] fast(BufferedImage photo, Preprocessing rule) throws IOException {
        ByteBuffer target = Tensors.buffer(rule);
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(rule, Resizing.FAST)) {
            preparer.prepare(((Decoded.Ok) decoder.decode(Photos.png(photo), rule)).pixels(), target, 0);
        }
        return Tensors.values(target);
    }

    @Test
    void bothLayoutsContainTheSamePixels() {
        Resize resize = new Resize.ShortestSide(30);
        Size crop = new Size(23, 29);
        int[] interleaved = prepared(new Preprocessing(resize, crop, Resampling.BICUBIC, 1, ZEROS, ONES, Layout.NHWC));
        int[] planar = prepared(new Preprocessing(resize, crop, Resampling.BICUBIC, 1, ZEROS, ONES, Layout.NCHW));
        for (int i = 0; i < interleaved.length; i++) {
            assertThat(planar[i % 3 * 23 * 29 + i / 3]).isEqualTo(interleaved[i]);
        }
    }

    /** The padding of the photo, 40 by 71, is (101 - 40 + 1) / 2 columns on the left and no row above. */
    @Test
    void cropsBeyondThePhotoArePaddedWithZeros() {
        Size crop = new Size(101, 61);
        int[] tensor =
                prepared(new Preprocessing(new Resize.None(), crop, Resampling.BILINEAR, 1, ZEROS, ONES, Layout.NHWC));
        Pixels photo = source();
        int before = (101 - photo.width() + 1) / 2;
        for (int i = 0; i < 3 * before; i++) {
            assertThat(tensor[i]).isZero();
        }
        assertThat(tensor[3 * 101 - 1]).isZero();
        assertThat(tensor[3 * (before + photo.width() / 2)]).isPositive();
    }

    @Test
    void bytesCannotBeNormalised() {
        assertThatThrownBy(() -> new Preprocessing(
                        new Resize.None(),
                        new Size(3, 2),
                        Resampling.BOX,
                        1 / 255.0,
                        ZEROS,
                        ONES,
                        Layout.NHWC,
                        Element.UINT8,
                        Channels.RGB,
                        Centring.DOWN))
                .hasMessageContaining("8-bit values can be neither rescaled nor normalised");
    }

    @Test
    void aTensorIsWrittenOnlyToItsPositionInTheBatch() {
        Preprocessing rule = ruleOf("BILINEAR_shortest24_crop20x20.png");
        ByteBuffer batch = ByteBuffer.allocateDirect(3 * rule.elements());
        for (int i = 0; i < batch.capacity(); i++) {
            batch.put(i, (byte) 7);
        }
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(source(), batch, rule.elements());
        }
        assertThat(batch.position()).isZero();
        int[] values = Tensors.values(batch);
        int[] photo = prepared(rule);
        for (int i = 0; i < values.length; i++) {
            boolean isPhotos = i / rule.elements() == 1;
            assertThat(values[i]).isEqualTo(isPhotos ? photo[i - rule.elements()] : 7);
        }
    }

    @Test
    void aPreparerDoesNotDependOnThePreviousPhoto() {
        Preprocessing rule = ruleOf("BILINEAR_shortest16_crop21x29.png");
        ByteBuffer target = Tensors.buffer(rule);
        try (Preparer preparer = new Preparer(rule)) {
            Decoded other = decoder.decode(Samples.form("rgb_420.jpg"), rule);
            preparer.prepare(((Decoded.Ok) other).pixels(), target, 0);
            preparer.prepare(source(), target, 0);
        }
        assertThat(Tensors.values(target)).isEqualTo(prepared(rule));
    }

    private static Preprocessing ruleOf(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return rule(Resampling.BILINEAR, new Resize.None(), new Size(40, 71));
        }
        Size crop = new Size(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        Resize resize = parts.group(2).equals("exact")
                ? new Resize.Exact(crop)
                : new Resize.ShortestSide(Integer.parseInt(parts.group(3)));
        return rule(Resampling.valueOf(parts.group(1)), resize, crop);
    }

    private static Preprocessing rule(Resampling resampling, Resize resize, Size crop) {
        return new Preprocessing(resize, crop, resampling, 1, ZEROS, ONES, Layout.NHWC);
    }

    private static Pixels source() {
        byte[] bytes = Samples.bytes(Samples.RESIZED.resolve("source.png"));
        return ((Decoded.Ok) decoder.decode(bytes, ruleOf("none"))).pixels();
    }

    private static int[] prepared(Preprocessing rule) {
        return tensor(source(), Crop.CENTRE, rule);
    }
}
