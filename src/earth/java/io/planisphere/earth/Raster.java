package io.planisphere.earth;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/** An equirectangular map of the whole Earth: rows from north to south, columns from 180° west, 8-bit channels interleaved. */
final class Raster {
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] samples;

    Raster(int width, int height, int channels, byte[] samples) {
        if (samples.length != width * height * channels) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "A raster of %d x %d x %d needs as many bytes, got %d",
                    width,
                    height,
                    channels,
                    samples.length));
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.samples = samples;
    }

    static Raster read(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        if (image == null) {
            throw new IOException("Cannot read map %s: not an image".formatted(file));
        }
        return of(image);
    }

    static Raster of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
        byte[] samples = new byte[packed.length * 3];
        for (int i = 0; i < packed.length; i++) {
            samples[3 * i] = (byte) (packed[i] >> 16);
            samples[3 * i + 1] = (byte) (packed[i] >> 8);
            samples[3 * i + 2] = (byte) packed[i];
        }
        return new Raster(width, height, 3, samples);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int channels() {
        return channels;
    }

    int sample(int x, int y, int channel) {
        return samples[(y * width + x) * channels + channel] & 0xff;
    }

    /** Bilinear between pixel centres; wraps around in longitude and stops at the poles. Writes one value per channel. */
    void sample(double x, double y, float[] planes, int at, int planeSize) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        float right = (float) (x - left);
        float below = (float) (y - top);
        int x0 = left < 0 || left >= width ? Math.floorMod(left, width) : left;
        int x1 = x0 + 1 == width ? 0 : x0 + 1;
        int row0 = Math.max(0, Math.min(height - 1, top)) * width;
        int row1 = Math.max(0, Math.min(height - 1, top + 1)) * width;
        int nw = (row0 + x0) * channels;
        int ne = (row0 + x1) * channels;
        int sw = (row1 + x0) * channels;
        int se = (row1 + x1) * channels;
        float wNw = (1 - right) * (1 - below);
        float wNe = right * (1 - below);
        float wSw = (1 - right) * below;
        float wSe = right * below;
        for (int c = 0, to = at; c < channels; c++, to += planeSize) {
            planes[to] = (samples[nw + c] & 0xff) * wNw
                    + (samples[ne + c] & 0xff) * wNe
                    + (samples[sw + c] & 0xff) * wSw
                    + (samples[se + c] & 0xff) * wSe;
        }
    }

    /** The same map at a smaller width, each pixel the mean of the area that it covers. */
    Raster shrunkTo(int newWidth) {
        int newHeight = newWidth / 2;
        byte[] out = new byte[newWidth * newHeight * channels];
        double dx = (double) width / newWidth;
        double dy = (double) height / newHeight;
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                for (int c = 0; c < channels; c++) {
                    out[(y * newWidth + x) * channels + c] =
                            (byte) Math.round(mean(x * dx, (x + 1) * dx, y * dy, (y + 1) * dy, c));
                }
            }
        }
        return new Raster(newWidth, newHeight, channels, out);
    }

    private double mean(double x0, double x1, double y0, double y1, int channel) {
        double sum = 0;
        double area = 0;
        for (int y = (int) y0; y < y1 && y < height; y++) {
            double tall = Math.min(y1, y + 1) - Math.max(y0, y);
            for (int x = (int) x0; x < x1 && x < width; x++) {
                double share = tall * (Math.min(x1, x + 1) - Math.max(x0, x));
                sum += share * sample(x, y, channel);
                area += share;
            }
        }
        return sum / area;
    }
}
