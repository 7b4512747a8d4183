package io.planisphere.image;

/**
 * Converts a TIFF's samples to rows of RGB as Pillow does: samples of fewer than eight bits are scaled to 255, 16 bits keep their
 * upper eight; signed, 32-bit and floating-point samples are clamped to 0 to 255; alpha is dropped, and colours premultiplied by
 * it are divided by it. One difference: Pillow also clamps 16-bit grey, which turns it white.
 */
final class TiffColours {
    private static final int MULTIPLIED_ALPHA = 1;

    private final Bytes order;
    private final int bits;
    private final int samples;
    private final boolean hasPlanes;
    private final int colours;
    private final int format;
    private final int photometric;
    private final boolean isMultiplied;
    private final byte[] palette;
    private final int[] pixel;

    private TiffColours(TiffDirectory directory, TiffLayout layout) {
        order = directory.bytes();
        bits = layout.bits();
        samples = layout.samples();
        hasPlanes = layout.planes() > 1;
        colours = TiffForm.colours(directory);
        format = (int) TiffForm.sampleFormat(directory);
        photometric = (int) TiffForm.photometric(directory);
        isMultiplied = samples > colours
                && colours < 4
                && photometric != TiffForm.PALETTE
                && directory.value(TiffDirectory.EXTRA_SAMPLES, 0) == MULTIPLIED_ALPHA;
        pixel = new int[isMultiplied ? colours + 1 : colours];
        palette = photometric == TiffForm.PALETTE ? palette(directory, 1 << bits) : new byte[0];
    }

    static TiffColours of(TiffDirectory directory, TiffLayout layout) {
        return new TiffColours(directory, layout);
    }

    /** Returns the upper bytes of the palette; all of red comes before green. */
    private static byte[] palette(TiffDirectory directory, int entries) {
        byte[] palette = new byte[3 * entries];
        for (int i = 0; i < palette.length; i++) {
            long value = directory.value(TiffDirectory.COLOUR_MAP, i, 0);
            palette[i % entries * 3 + i / entries] = (byte) (value >> 8);
        }
        return palette;
    }

    /**
     * Fills {@code rgb}.
     *
     * @param rows one row per plane
     * @param width number of pixels to convert
     */
    void toRgb(byte[][] rows, int width, byte[] rgb) {
        for (int x = 0; x < width; x++) {
            for (int s = 0; s < pixel.length; s++) {
                pixel[s] = level(hasPlanes ? sample(rows[s], x) : sample(rows[0], (long) x * samples + s));
            }
            if (photometric == TiffForm.WHITE_IS_ZERO && format != TiffForm.FLOAT) {
                pixel[0] = 255 - pixel[0];
            }
            if (isMultiplied) {
                divideByAlpha();
            }
            put(rgb, 3 * x);
        }
    }

    private int sample(byte[] row, long number) {
        Bytes in = new Bytes(row, row.length, order.order());
        return switch (bits) {
            case 8 -> row[(int) number] & 0xFF;
            case 16 -> in.u16(2 * number);
            case 32 -> in.i32(4 * number);
            default -> {
                long bit = number * bits;
                int at = (int) (bit >> 3);
                // a 12-bit sample extends into the next byte
                int two = (row[at] & 0xFF) << 8 | (at + 1 < row.length ? row[at + 1] & 0xFF : 0);
                yield (two >> (16 - bits - (bit & 7))) & ((1 << bits) - 1);
            }
        };
    }

    private int level(int sample) {
        if (photometric == TiffForm.PALETTE) {
            return sample;
        }
        return switch (format) {
            case TiffForm.FLOAT -> (int) Math.min(255, Math.max(0, Float.intBitsToFloat(sample))); // 0 for NaN
            case TiffForm.SIGNED -> bits == 8 ? sample : clipped(bits == 16 ? (short) sample : sample);
            default -> unsigned(sample);
        };
    }

    private int unsigned(int sample) {
        return switch (bits) {
            case 1, 2, 4 -> sample * 255 / ((1 << bits) - 1);
            case 8 -> sample;
            case 32 -> clipped(sample);
            default -> sample >> (bits - 8);
        };
    }

    private static int clipped(int value) {
        return Math.min(255, Math.max(0, value));
    }

    private void divideByAlpha() {
        int alpha = pixel[colours];
        for (int i = 0; i < colours; i++) {
            pixel[i] = alpha == 0 ? 0 : Math.min(255, 255 * pixel[i] / alpha);
        }
    }

    private void put(byte[] rgb, int at) {
        switch (photometric) {
            case TiffForm.PALETTE -> System.arraycopy(palette, 3 * pixel[0], rgb, at, 3);
            case TiffForm.CMYK -> {
                int white = 255 - pixel[3];
                for (int i = 0; i < 3; i++) {
                    int product = pixel[i] * white + 128;
                    rgb[at + i] = (byte) (white - (((product >> 8) + product) >> 8));
                }
            }
            default -> {
                for (int i = 0; i < 3; i++) {
                    rgb[at + i] = (byte) pixel[colours == 1 ? 0 : i];
                }
            }
        }
    }
}
