package io.planisphere.earth;

import java.util.ArrayList;
import java.util.List;

/**
 * The map that training sees: the Blue Marble's colours with what is needed to repaint it. Channels: red, green, blue, water (0
 * or 255), slope to the east and slope to the north (128 is flat).
 */
final class Terrain {
    static final int CHANNELS = 6;
    static final int WATER = 3;
    static final int EAST_SLOPE = 4;
    static final int NORTH_SLOPE = 5;

    // The coarsest has pixels of 36 km, 3.7 times the full map's.
    private static final List<Integer> WIDTHS = List.of(2800, 2000, 1500, 1100);

    private Terrain() {}

    /** The full map three times, then one of each smaller width: drawn from evenly, this is the mix of sharpness. */
    static List<Raster> sharpAndBlurred(Raster colours, Raster elevation) {
        Raster full = of(colours, elevation);
        List<Raster> mix = new ArrayList<>(List.of(full, full, full));
        WIDTHS.forEach(width -> mix.add(full.shrunkTo(width)));
        return List.copyOf(mix);
    }

    static Raster of(Raster colours, Raster elevation) {
        int width = colours.width();
        int height = colours.height();
        byte[] samples = new byte[width * height * CHANNELS];
        float[] heights = resampled(elevation, width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = colours.sample(x, y, 0);
                int green = colours.sample(x, y, 1);
                int blue = colours.sample(x, y, 2);
                int at = (y * width + x) * CHANNELS;
                samples[at] = (byte) red;
                samples[at + 1] = (byte) green;
                samples[at + 2] = (byte) blue;
                samples[at + WATER] = (byte) (isWater(red, green, blue) ? 255 : 0);
                float east = heights[y * width + Math.floorMod(x + 1, width)];
                float west = heights[y * width + Math.floorMod(x - 1, width)];
                float north = heights[Math.max(0, y - 1) * width + x];
                float south = heights[Math.min(height - 1, y + 1) * width + x];
                samples[at + EAST_SLOPE] = slope(east - west);
                samples[at + NORTH_SLOPE] = slope(north - south);
            }
        }
        return new Raster(width, height, CHANNELS, samples);
    }

    // The Blue Marble paints the sea blue and deep lakes nearly black; against a water mask this finds 99 % and errs on
    // 1 %.
    private static boolean isWater(int red, int green, int blue) {
        int other = Math.max(red, green);
        return blue > 1.05 * other + 4 || Math.max(other, blue) < 16;
    }

    // Compressed, so that hills of the eight-bit elevation still show beside the Himalaya.
    private static byte slope(float rise) {
        return (byte) Math.round(128 + 127 * Math.tanh(rise / 6));
    }

    private static float[] resampled(Raster elevation, int width, int height) {
        float[] heights = new float[width * height];
        float[] value = new float[elevation.channels()];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                elevation.sample(
                        (x + 0.5) * elevation.width() / width - 0.5,
                        (y + 0.5) * elevation.height() / height - 0.5,
                        value,
                        0,
                        1);
                heights[y * width + x] = value[0];
            }
        }
        return heights;
    }
}
