package io.planisphere.image;

/**
 * The headers of a BMP, of Windows (40 bytes and more) or of OS/2 (12 and 64), as far as they bear on pixels.
 *
 * @param size of the header after the file's own 14 bytes
 * @param height as stated, a negative one for rows from the top made positive
 * @param pixels where they begin
 * @param palette where it begins
 * @param colours entries of the palette that are there
 * @param colourBytes of each
 */
record BmpHeader(
        long size,
        long width,
        long height,
        boolean isTopDown,
        int bits,
        long compression,
        long pixels,
        long palette,
        int colours,
        int colourBytes) {
    static final int CORE = 12;
    static final int INFO = 40;
    static final int OS2 = 64;
    static final int UNCOMPRESSED = 0;
    static final int RUN_LENGTH_8 = 1;
    static final int RUN_LENGTH_4 = 2;
    static final int BIT_FIELDS = 3;
    private static final int FILE_HEADER = 14;
    private static final int MASKS = 12;
    private static final int MOST_COLOURS = 256;

    /** Reads them; {@code in} has 26 bytes at least, and 54 where {@code size} is 40 or more. */
    static BmpHeader of(Bytes in) {
        long size = in.u32(FILE_HEADER);
        boolean core = size == CORE;
        int bits = in.u16(core ? 24 : 28);
        long compression = core ? UNCOMPRESSED : in.u32(30);
        long stated = core ? 0 : in.u32(46);
        long colours = stated == 0 ? 1L << Math.min(bits, 16) : stated;
        int colourBytes = core ? 3 : 4;
        boolean hasMasks = size == INFO && compression == BIT_FIELDS;
        long palette = FILE_HEADER + size + (hasMasks ? MASKS : 0);
        long pixels = in.u32(10);
        if (pixels == 0) {
            pixels = palette + (bits <= 8 ? colourBytes * colours : 0);
        } else if (pixels == FILE_HEADER + size && bits <= 8) {
            pixels += 4 * colours; // some writers leave the palette out of their count
        }
        long there = Math.max(0, (in.length() - palette) / colourBytes);
        return new BmpHeader(
                size,
                core ? in.u16(18) : in.i32(18),
                core ? in.u16(20) : Math.abs((long) in.i32(22)),
                !core && in.i32(22) < 0,
                bits,
                compression,
                pixels,
                palette,
                (int) Math.min(Math.min(colours, there), MOST_COLOURS),
                colourBytes);
    }

    boolean isRunLength() {
        return compression == RUN_LENGTH_8 || compression == RUN_LENGTH_4;
    }

    /** Bytes of a row that is not compressed: padded to four. */
    double rowBytes() {
        return Math.ceil((double) width * bits / 32) * 4;
    }

    /** Bits of a pixel that are one colour: red, green or blue, for 0 to 2. */
    int mask(Bytes in, int colour) {
        int mask = compression == BIT_FIELDS ? in.i32(FILE_HEADER + INFO + 4L * colour) : 0;
        boolean none = compression != BIT_FIELDS || areMasksEmpty(in);
        if (!none) {
            return mask;
        }
        return bits == 16 ? 0x1F << (10 - 5 * colour) : 0xFF << (16 - 8 * colour);
    }

    private static boolean areMasksEmpty(Bytes in) {
        long at = FILE_HEADER + INFO;
        return in.i32(at) == 0 && in.i32(at + 4) == 0 && in.i32(at + 8) == 0;
    }
}
