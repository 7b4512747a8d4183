package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares regions of photos with those that golden.py cut out with Pillow. */
class RegionTest {
    private static final Path REGIONS = Path.of("src/test/resources/image/region");
    private static Decoder decoder;

    @BeforeAll
    static void open() {
        decoder = new Decoder(ImageLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        decoder.close();
    }

    static List<Path> regions() throws IOException {
        try (Stream<Path> files = Files.list(REGIONS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("regions")
    void aRegionEqualsPillowsCropAndResizeBitByBit(Path golden) {
        String[] name = golden.getFileName().toString().replace(".png", "").split("_", -1);
        String[] sides = name[3].split("x", -1); // one side if it is a square
        Region region = new Region(
                Integer.parseInt(name[1]),
                Integer.parseInt(name[2]),
                Integer.parseInt(sides[0]),
                Integer.parseInt(sides[sides.length - 1]));
        int side = name.length == 5 ? Integer.parseInt(name[4]) : 24;
        Preprocessing rule = rule(Resampling.valueOf(name[0]), side);

        int[] tensor = prepared(whole(Samples.bytes(Samples.RESIZED.resolve("source.png"))), region, rule);

        assertThat(Samples.rgb(golden).largestDifference(tensor)).isZero();
    }

    @Test
    void aRegionIsBlackOutsideThePhoto() {
        Pixels pixels = whole(Samples.bytes(Samples.RESIZED.resolve("source.png")));

        for (Region outside : List.of(Region.square(-50, 0, 20), Region.square(97, 10, 20), Region.square(10, 61, 5))) {
            assertThat(prepared(pixels, outside, rule(Resampling.BILINEAR, 24))).containsOnly(0);
            assertThat(prepared(pixels, outside, rule(Resampling.NEAREST, 24))).containsOnly(0);
        }
    }

    /** A gradient of 10 per 64 pixels: the content of a region does not depend on the reduction by the decoder. */
    @Test
    void aRegionOfAReducedPhotoHasTheSameContent() throws IOException {
        BufferedImage photo = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 1200; y++) {
            for (int x = 0; x < 1600; x++) {
                photo.setRGB(x, y, (x * 250 / 1600) << 16 | (y * 250 / 1200) << 8);
            }
        }
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(photo, "jpg", jpeg);
        Preprocessing rule = rule(Resampling.BILINEAR, 24);
        Region region = Region.square(-101, 333, 700);

        int[] full = prepared(whole(jpeg.toByteArray()), region, rule);
        Pixels reduced = ((Decoded.Ok) decoder.decode(jpeg.toByteArray(), rule)).pixels();
        assertThat(reduced.reduction()).isEqualTo(8);
        int[] small = prepared(reduced, region, rule);

        double sum = 0;
        for (int i = 0; i < full.length; i++) {
            sum += Math.abs(full[i] - small[i]);
        }
        assertThat(sum / full.length).isLessThan(1.0);
    }

    @Test
    void aRegionWithoutAWidthOrHeightIsRejected() {
        assertThatThrownBy(() -> new Region(0, 0, 3, 0)).hasMessage("Sides of a region must be at least 1, got 3 x 0");
    }

    private static Preprocessing rule(Resampling resampling, int side) {
        List<Double> zeros = List.of(0.0, 0.0, 0.0);
        List<Double> ones = List.of(1.0, 1.0, 1.0);
        Size size = new Size(side, side);
        return new Preprocessing(new Resize.Exact(size), size, resampling, 1, zeros, ones, Layout.NHWC);
    }

    private static Pixels whole(byte[] bytes) {
        return ((Decoded.Ok) decoder.decodeWhole(bytes)).pixels();
    }

    private static int[] prepared(Pixels pixels, Region region, Preprocessing rule) {
        ByteBuffer target = Tensors.buffer(rule);
        try (Preparer preparer = new Preparer(rule)) {
            preparer.prepare(pixels, region, target, 0);
        }
        return Tensors.values(target);
    }
}
