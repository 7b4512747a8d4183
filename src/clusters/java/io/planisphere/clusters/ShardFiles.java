package io.planisphere.clusters;

import io.planisphere.source.Tars;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** Writes tars of generated JPEGs, of which no two in a row are the same; some are broken. */
final class ShardFiles {
    private static final int DRAWN = 12;

    private ShardFiles() {}

    /** Writes {@code shard-0.tar} and so on; every eleventh photo of a tar is truncated. */
    static void write(Path folder, int tars, int photosPerTar) throws IOException {
        Files.createDirectories(folder);
        List<byte[]> photos = photos(DRAWN, 1200, 900);
        for (int tar = 0; tar < tars; tar++) {
            Files.write(folder.resolve("shard-" + tar + ".tar"), tar(photos, tar, photosPerTar));
        }
    }

    static byte[] tar(List<byte[]> photos, int number, int photosPerTar) {
        Tars tar = new Tars();
        for (int i = 0; i < photosPerTar; i++) {
            byte[] photo = photos.get((i + 5 * number) % photos.size());
            tar.with(String.format(Locale.ROOT, "%d-%03d.jpg", number, i), i % 11 == 10 ? cutShort(photo) : photo);
        }
        return tar.bytes();
    }

    /** Returns JPEGs with different colours and shapes, the same ones in every call. */
    static List<byte[]> photos(int count, int width, int height) throws IOException {
        List<byte[]> photos = new ArrayList<>();
        for (int seed = 1; seed <= count; seed++) {
            photos.add(photo(seed, width, height));
        }
        return photos;
    }

    private static byte[] photo(int seed, int width, int height) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setPaint(new GradientPaint(0, 0, colour(random), width, height, colour(random)));
        pen.fillRect(0, 0, width, height);
        for (int shape = 0; shape < 20; shape++) {
            pen.setColor(colour(random));
            pen.fillOval(
                    random.nextInt(width),
                    random.nextInt(height),
                    random.nextInt(width / 3),
                    random.nextInt(height / 3));
        }
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        return out.toByteArray();
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(1 << 24));
    }

    private static byte[] cutShort(byte[] photo) {
        return Arrays.copyOf(photo, photo.length / 2);
    }
}
