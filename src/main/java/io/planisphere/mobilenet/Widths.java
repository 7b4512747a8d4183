package io.planisphere.mobilenet;

/**
 * The rules for computing channels from a width multiplier.
 *
 * @param multiplier α
 */
record Widths(double multiplier) {
    private static final int DIVISOR = 8;
    private static final double MOST_LOST = 0.1;

    // far above any useful value, while counts still fit their types
    private static final int MOST = 16;
    private static final int MOST_PIXELS = 4096;

    /** Throws for an invalid multiplier or resolution. */
    static Widths check(double multiplier, int resolution) {
        if (!(multiplier > 0 && multiplier <= MOST)) {
            throw new IllegalArgumentException(
                    "Width multiplier must be over 0 and at most " + MOST + ", got " + multiplier);
        }
        if (resolution < 1 || resolution > MOST_PIXELS) {
            throw new IllegalArgumentException(
                    "Resolution must be from 1 to " + MOST_PIXELS + " pixels, got " + resolution);
        }
        return new Widths(multiplier);
    }

    /** Returns channels rounded down. */
    int floored(int channels, int least) {
        return Math.max((int) Math.floor(channels * multiplier), least);
    }

    /**
     * Returns channels rounded to a multiple of eight that is at most a tenth smaller (V2 and V3; {@code make_divisible} in the
     * authors' code).
     */
    int divisible(int channels) {
        return divisible(channels * multiplier);
    }

    /** Returns channels rounded in the same way, except that narrow networks keep all channels. */
    int divisibleUnlessNarrow(int channels) {
        return divisible(channels * Math.max(1, multiplier));
    }

    static int divisible(double channels) {
        int rounded = Math.max(DIVISOR, (int) (channels + DIVISOR / 2.0) / DIVISOR * DIVISOR);
        return rounded < (1 - MOST_LOST) * channels ? rounded + DIVISOR : rounded;
    }
}
