package io.planisphere.image;

/**
 * The headers of a BMP of Windows (40 bytes and more) or OS/2 (12 and 64), as far as they affect pixels.
 *
 * @param size size of the header after the file's own 14 bytes
 * @param height absolute value of the stored height, which is negative for top-down rows
 * @param pixels offset of the pixels
 * @param palette offset of the palette
 * @param colours number of palette entries present
 * @param colourBytes bytes per palette entry
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

    /** Reads the headers; {@code in} must have at least 26 bytes, and 54 if {@code size} is 40 or more. */
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
            pixels += 4 * colours; // some writers do not count the palette
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

    /** Returns the bytes of an uncompressed row, padded to four. */
    double rowBytes() {
        return Math.ceil((double) width * bits / 32) * 4;
    }

    /** Returns the bit mask of one colour: red, green or blue, for 0 to 2. */
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
