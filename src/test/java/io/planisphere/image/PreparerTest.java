package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import io.planisphere.source.Photos;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
    void cropsAreTheWindowsOfTorchvisionsTenCrop() {
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

    private static float[] reds(Pixels pixels, Crop crop, Preprocessing interleaved) {
        float[] tensor = tensor(pixels, crop, interleaved);
        float[] reds = new float[tensor.length / 3];
        for (int i = 0; i < reds.length; i++) {
            reds[i] = tensor[3 * i];
        }
        return reds;
    }

    private static float[] tensor(Pixels pixels, Crop crop, Preprocessing rule) {
        float[] tensor = new float[rule.elements()];
        FloatBuffer target = ByteBuffer.allocateDirect(Float.BYTES * tensor.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(pixels, crop, target, 0);
        }
        target.get(0, tensor);
        return tensor;
    }

    @ParameterizedTest
    @MethodSource("resized")
    void resizeAndCropEqualPillowsBitForBit(Path golden) {
        Preprocessing rule = ruleOf(golden.getFileName().toString());
        Samples.Rgb expected = Samples.rgb(golden);
        int[] values = new int[rule.elements()];
        float[] tensor = prepared(rule);
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) tensor[i];
        }
        assertThat(expected.largestDifference(values)).isZero();
    }

    @Test
    void bothLayoutsHoldTheSameNormalisedValues() {
        List<Double> mean = List.of(0.485, 0.456, 0.406);
        List<Double> std = List.of(0.229, 0.224, 0.225);
        Resize resize = new Resize.ShortestSide(30);
        Size crop = new Size(23, 29);
        float[] raw = prepared(new Preprocessing(resize, crop, Resampling.BICUBIC, 1, ZEROS, ONES, Layout.NHWC));
        float[] interleaved =
                prepared(new Preprocessing(resize, crop, Resampling.BICUBIC, 1 / 255.0, mean, std, Layout.NHWC));
        float[] planar =
                prepared(new Preprocessing(resize, crop, Resampling.BICUBIC, 1 / 255.0, mean, std, Layout.NCHW));
        for (int i = 0; i < raw.length; i++) {
            int channel = i % 3;
            double expected = (raw[i] / 255.0 - mean.get(channel)) / std.get(channel);
            assertThat(interleaved[i]).isCloseTo((float) expected, within(1e-5f));
            assertThat(planar[channel * 23 * 29 + i / 3]).isEqualTo(interleaved[i]);
        }
    }

    @Test
    void paddingIsZeroBeforeNormalisation() {
        float[] tensor = prepared(new Preprocessing(
                new Resize.None(),
                new Size(101, 61),
                Resampling.BILINEAR,
                1 / 255.0,
                List.of(0.5, 0.5, 0.5),
                List.of(0.25, 0.5, 1.0),
                Layout.NHWC));
        assertThat(tensor).startsWith(-2f, -1f, -0.5f, -2f, -1f, -0.5f);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aTensorOfBytesHoldsThePixelsThatAreNormalisedOtherwise(Layout layout) {
        Resize resize = new Resize.ShortestSide(24);
        Size crop = new Size(21, 40); // with padding
        Preprocessing floats = new Preprocessing(resize, crop, Resampling.BICUBIC, 1, ZEROS, ONES, layout);
        Preprocessing bytes =
                new Preprocessing(resize, crop, Resampling.BICUBIC, 1, ZEROS, ONES, layout, Element.UINT8);
        ByteBuffer target = ByteBuffer.allocateDirect(bytes.elements() + 1);
        for (Crop window : List.of(Crop.CENTRE, Crop.MIRRORED_TOP_LEFT)) {
            try (Preparer preparer = new Preparer(bytes)) {
                preparer.prepare(source(), window, target, 1);
            }

            float[] expected = tensor(source(), window, floats);
            for (int i = 0; i < expected.length; i++) {
                assertThat(target.get(1 + i) & 255).isEqualTo((int) expected[i]);
            }
        }
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
                        Element.UINT8))
                .hasMessageContaining("8-bit values can be neither rescaled nor normalised");
    }

    @Test
    void aTensorGoesToItsPlaceAndLeavesTheRestOfTheBatchAlone() {
        Preprocessing rule = ruleOf("BILINEAR_shortest24_crop20x20.png");
        FloatBuffer batch = buffer(3 * rule.elements());
        for (int i = 0; i < batch.capacity(); i++) {
            batch.put(i, -7);
        }
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(source(), batch, rule.elements());
        }
        assertThat(batch.position()).isZero();
        assertThat(batch.get(rule.elements() - 1)).isEqualTo(-7);
        assertThat(batch.get(rule.elements())).isNotNegative();
        assertThat(batch.get(2 * rule.elements() - 1)).isNotNegative();
        assertThat(batch.get(2 * rule.elements())).isEqualTo(-7);
    }

    @Test
    void aPreparerForgetsThePhotoBefore() {
        Preprocessing rule = ruleOf("BILINEAR_shortest16_crop21x29.png");
        FloatBuffer target = buffer(rule.elements());
        try (Preparer preparer = new Preparer(rule)) {
            Decoded other = decoder.decode(Samples.form("rgb_420.jpg"), rule);
            preparer.prepare(((Decoded.Ok) other).pixels(), target, 0);
            preparer.prepare(source(), target, 0);
        }
        float[] again = new float[rule.elements()];
        target.get(0, again);
        assertThat(again).isEqualTo(prepared(rule));
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

    private static float[] prepared(Preprocessing rule) {
        FloatBuffer target = buffer(rule.elements());
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(source(), target, 0);
        }
        float[] tensor = new float[rule.elements()];
        target.get(0, tensor);
        return tensor;
    }

    private static FloatBuffer buffer(int elements) {
        return ByteBuffer.allocateDirect(4 * elements)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
