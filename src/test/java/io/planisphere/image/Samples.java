package io.planisphere.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The images that golden.py made with Pillow, and their expected pixels. */
final class Samples {
    static final Path FORMS = Path.of("src/test/resources/image/forms");
    static final Path RESIZED = Path.of("src/test/resources/image/resize");

    private Samples() {}

    /** Returns the names of all images, each in one format and colour model. */
    static List<String> forms() {
        try (Stream<Path> files = Files.list(FORMS)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.matches(".*\\.[a-z]+\\.png"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] form(String name) {
        return bytes(FORMS.resolve(name));
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the upright pixels of an image according to Pillow. */
    static Rgb goldenOf(String name) {
        return rgb(FORMS.resolve(name + ".png"));
    }

    /** Reads a PNG with the JDK, so that no golden value depends on the code under test. */
    static Rgb rgb(Path png) {
        try {
            BufferedImage image = ImageIO.read(png.toFile());
            int[] values = new int[3 * image.getWidth() * image.getHeight()];
            for (int i = 0; i < values.length / 3; i++) {
                int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
                values[3 * i] = pixel >> 16 & 255;
                values[3 * i + 1] = pixel >> 8 & 255;
                values[3 * i + 2] = pixel & 255;
            }
            return new Rgb(image.getWidth(), image.getHeight(), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Interleaved 8-bit values. */
    @SuppressWarnings("ArrayRecordComponent") // compared by distance only
    record Rgb(int width, int height, int[] values) {
        double meanDifference(int[] others) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += Math.abs(values[i] - others[i]);
            }
            return sum / values.length;
        }

        int largestDifference(int[] others) {
            int largest = 0;
            for (int i = 0; i < values.length; i++) {
                largest = Math.max(largest, Math.abs(values[i] - others[i]));
            }
            return largest;
        }
    }

    static int[] valuesOf(Pixels pixels) {
        byte[] bytes = new byte[3 * pixels.rgb().cols() * pixels.rgb().rows()];
        pixels.rgb().data().get(bytes);
        int[] values = new int[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes[i] & 255;
        }
        return values;
    }
}
