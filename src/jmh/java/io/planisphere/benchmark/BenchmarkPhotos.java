package io.planisphere.benchmark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** The photos to decode: generated JPEGs, or those of a folder. */
final class BenchmarkPhotos {
    private static final int MADE = 8;
    // Number of photos, all held in memory; of a folder, the first ones by name.
    private static final int MOST = 256;
    private static final float QUALITY = 0.85f;

    private BenchmarkPhotos() {}

    /**
     * Returns encoded photos.
     *
     * @param photos {@code WIDTHxHEIGHT} for generated ones of that size, or a folder of JPEGs
     */
    static List<byte[]> of(String photos) throws IOException {
        if (photos.matches("\\d+x\\d+")) {
            String[] sides = photos.split("x", -1);
            List<byte[]> made = new ArrayList<>();
            for (int i = 0; i < MADE; i++) {
                made.add(jpeg(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), new Random(i)));
            }
            return made;
        }
        try (Stream<Path> files = Files.walk(Path.of(photos))) {
            List<byte[]> read = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().matches("(?i).*\\.jpe?g"))
                    .sorted()
                    .limit(MOST)
                    .toList()) {
                read.add(Files.readAllBytes(file));
            }
            if (read.isEmpty()) {
                throw new IOException("No .jpg or .jpeg below " + photos + "; give -p photos= a folder that has some");
            }
            return read;
        }
    }

    /** Returns a JPEG of waves of all lengths and some noise: about as many bytes per pixel as real photos. */
    private static byte[] jpeg(int width, int height, Random random) throws IOException {
        int waves = 24;
        double[][] wave = new double[waves][];
        for (int i = 0; i < waves; i++) {
            double frequency = Math.pow(2, -6 * random.nextDouble());
            double angle = random.nextDouble() * Math.PI;
            wave[i] = new double[] {
                frequency * Math.cos(angle),
                frequency * Math.sin(angle),
                random.nextDouble() * 6,
                6 / Math.sqrt(frequency),
                random.nextInt(3)
            };
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb(x, y, wave, random));
            }
        }
        return encoded(image);
    }

    private static int rgb(int x, int y, double[][] waves, Random random) {
        double[] channels = {128, 128, 128};
        for (double[] wave : waves) {
            double value = wave[3] * Math.sin(wave[0] * x + wave[1] * y + wave[2]);
            for (int channel = 0; channel < 3; channel++) {
                channels[channel] += channel == (int) wave[4] ? value : 0.7 * value;
            }
        }
        double noise = 8 * (random.nextDouble() - 0.5);
        int rgb = 0;
        for (double channel : channels) {
            rgb = rgb << 8 | (int) Math.max(0, Math.min(255, channel + noise));
        }
        return rgb;
    }

    private static byte[] encoded(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), quality);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
