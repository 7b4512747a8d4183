package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares aligned faces with golden.py, which computes the matrix with NumPy's SVD and resamples the pixels with Pillow. */
class SimilarityTest {
    private static final Path ALIGNED = Path.of("src/test/resources/image/aligned");

    // an independent copy of the ArcFace template of 112 x 112 for this test
    private static final double[] TEMPLATE = {
        38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
    };

    /** A line of faces.csv. */
    record Face(int number, int side, List<Point> landmarks, List<Double> matrix) {}

    static List<Face> faces() throws IOException {
        List<String> lines = Files.readAllLines(ALIGNED.resolve("faces.csv"));
        return IntStream.range(1, lines.size())
                .mapToObj(i -> {
                    double[] values = Arrays.stream(lines.get(i).split(",", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                    return new Face(
                            i - 1,
                            (int) values[0],
                            points(Arrays.copyOfRange(values, 1, 11), 1),
                            Arrays.stream(values, 11, 15).boxed().toList());
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faces")
    void theMatrixAgreesWithUmeyama(Face face) {
        Similarity found = align(face);

        List<Double> values = List.of(found.a(), found.b(), found.right(), found.down());
        for (int i = 0; i < 4; i++) {
            assertThat(values.get(i)).isCloseTo(face.matrix().get(i), within(1e-9));
        }
    }

    /** OpenCV has 32 positions between two pixels, and blends black at the photo's border; Pillow does neither. */
    @ParameterizedTest
    @MethodSource("faces")
    void theAlignedFaceAgreesWithPillow(Face face) {
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(rule(face.side()))) {
            Pixels pixels = source(decoder);
            ByteBuffer target = ByteBuffer.allocate(3 * face.side() * face.side());

            preparer.prepare(pixels, (Cut) align(face), target, 0);

            int[] tensor = Tensors.values(target);
            Samples.Rgb golden = Samples.rgb(ALIGNED.resolve(face.number() + ".png"));
            double sum = 0;
            for (int i = 0; i < tensor.length; i++) {
                sum += Math.abs(tensor[i] - golden.values()[i]);
            }
            assertThat(sum / tensor.length).isLessThan(1.0);
        }
    }

    /** Away from the border only rounding differs: a sixty-fourth of a pixel between steps of 255. */
    @Test
    void awayFromTheBorderEachValueIsClose() throws IOException {
        Face face = faces().get(0);
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(rule(face.side()))) {
            ByteBuffer target = ByteBuffer.allocate(3 * face.side() * face.side());
            preparer.prepare(source(decoder), (Cut) align(face), target, 0);

            int[] tensor = Tensors.values(target);
            int[] golden = Samples.rgb(ALIGNED.resolve(face.number() + ".png")).values();
            for (int y = 20; y < 92; y++) {
                for (int i = 3 * (y * 112 + 20); i < 3 * (y * 112 + 92); i++) {
                    assertThat((double) tensor[i]).isCloseTo(golden[i], within(10.0));
                }
            }
        }
    }

    @Test
    void coincidentPointsCannotBeAligned() {
        Point spot = new Point(3, 4);

        assertThat(Similarity.between(List.of(spot, spot), List.of(spot, new Point(5, 5))))
                .isEmpty();
        assertThatThrownBy(() -> Similarity.between(List.of(spot), List.of()))
                .hasMessage("Each point needs another, got 1 and 0");
    }

    @Test
    void nativeMemoryIsFreed() throws IOException {
        Face face = faces().get(0);
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT)) {
            Pixels pixels = source(decoder);
            long before = Pointer.totalBytes();

            for (int i = 0; i < 3; i++) {
                try (Preparer preparer = new Preparer(rule(face.side()))) {
                    preparer.prepare(pixels, (Cut) align(face), ByteBuffer.allocate(3 * 112 * 112), 0);
                }
            }

            assertThat(Pointer.totalBytes()).isEqualTo(before);
        }
    }

    private static Pixels source(Decoder decoder) {
        byte[] bytes = Samples.bytes(Samples.RESIZED.resolve("source.png"));
        return ((Decoded.Ok) decoder.decodeWhole(bytes)).pixels();
    }

    private static Similarity align(Face face) {
        return Similarity.between(face.landmarks(), points(TEMPLATE, face.side() / 112.0))
                .orElseThrow();
    }

    private static List<Point> points(double[] values, double scale) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i += 2) {
            points.add(new Point(scale * values[i], scale * values[i + 1]));
        }
        return points;
    }

    private static Preprocessing rule(int side) {
        Size size = new Size(side, side);
        List<Double> zeros = List.of(0.0, 0.0, 0.0);
        List<Double> ones = List.of(1.0, 1.0, 1.0);
        return new Preprocessing(new Resize.Exact(size), size, Resampling.BILINEAR, 1, zeros, ones, Layout.NHWC);
    }
}
