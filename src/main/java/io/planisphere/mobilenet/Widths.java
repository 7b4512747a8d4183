package io.planisphere.mobilenet;

/**
 * The rules by which a width multiplier makes channels.
 *
 * @param multiplier α
 */
record Widths(double multiplier) {
    private static final int DIVISOR = 8;
    private static final double MOST_LOST = 0.1;

    // far beyond any use, and counts still fit their types
    private static final int MOST = 16;
    private static final int MOST_PIXELS = 4096;

    /** Refuses what makes no network. */
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

    /** Cut to whole channels. */
    int floored(int channels, int least) {
        return Math.max((int) Math.floor(channels * multiplier), least);
    }

    /**
     * Rounded to a multiple of eight that is no more than a tenth below (V2 and V3; {@code make_divisible} of the authors'
     * code).
     */
    int divisible(int channels) {
        return divisible(channels * multiplier);
    }

    /** The same where narrow networks keep all channels. */
    int divisibleUnlessNarrow(int channels) {
        return divisible(channels * Math.max(1, multiplier));
    }

    static int divisible(double channels) {
        int rounded = Math.max(DIVISOR, (int) (channels + DIVISOR / 2.0) / DIVISOR * DIVISOR);
        return rounded < (1 - MOST_LOST) * channels ? rounded + DIVISOR : rounded;
    }
}
