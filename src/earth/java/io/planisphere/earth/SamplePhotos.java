package io.planisphere.earth;

import io.planisphere.geo.LatLng;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The quickstart's photos: windows of the Blue Marble around places of unseen authors, far apart, each knowing its place by
 * EXIF. They are drawn before any model sees them, and none is taken out afterwards.
 */
final class SamplePhotos {
    private static final int COUNT = 36;
    private static final int PIXELS = 384;
    private static final float QUALITY = 0.85f;
    private static final double SPACING_KM = 900;
    // Open sea looks the same everywhere.
    private static final double MIN_LAND = 0.3;

    private SamplePhotos() {}

    /** Writes {@code earth-01.jpg} and so on; the caller empties the directory first. */
    static void write(Path directory, List<LatLng> places, Raster map, Raster terrain, long seed) throws IOException {
        Files.createDirectories(directory);
        SplittableRandom random = new SplittableRandom(seed);
        List<LatLng> chosen = choose(places, terrain, seed);
        for (int i = 0; i < chosen.size(); i++) {
            LatLng place = chosen.get(i);
            float[] planes = new float[3 * PIXELS * PIXELS];
            Window.around(place, 0, random).render(map, PIXELS, planes);
            byte[] photo = GpsExif.into(jpeg(planes), place);
            Files.write(directory.resolve(String.format(Locale.ROOT, "earth-%02d.jpg", i + 1)), photo);
        }
    }

    private static List<LatLng> choose(List<LatLng> places, Raster terrain, long seed) {
        List<LatLng> shuffled = new ArrayList<>(places);
        Collections.shuffle(shuffled, new Random(seed));
        List<LatLng> chosen = new ArrayList<>();
        for (LatLng place : shuffled) {
            boolean apart = chosen.stream().allMatch(other -> other.distanceKm(place) > SPACING_KM);
            if (apart && chosen.size() < COUNT && landShare(place, terrain) >= MIN_LAND) {
                chosen.add(place);
            }
        }
        return chosen;
    }

    private static double landShare(LatLng place, Raster terrain) {
        int size = 32;
        float[] planes = new float[Terrain.CHANNELS * size * size];
        Window.plain(place).render(terrain, size, planes);
        double water = 0;
        for (int p = 0; p < size * size; p++) {
            water += planes[Terrain.WATER * size * size + p] / 255;
        }
        return 1 - water / (size * size);
    }

    private static byte[] jpeg(float[] planes) throws IOException {
        BufferedImage image = new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_INT_RGB);
        int plane = PIXELS * PIXELS;
        for (int p = 0; p < plane; p++) {
            int rgb = Math.round(planes[p]) << 16
                    | Math.round(planes[plane + p]) << 8
                    | Math.round(planes[2 * plane + p]);
            image.setRGB(p % PIXELS, p / PIXELS, rgb);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(QUALITY);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
