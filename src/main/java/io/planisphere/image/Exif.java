package io.planisphere.image;

import java.nio.ByteOrder;

/** The one EXIF tag that decoding needs, read without building the whole metadata tree (Exif 2.32, section 4.6). */
final class Exif {
    static final int UPRIGHT = 1;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private Exif() {}

    /** Orientation in the TIFF block at {@code start}, of {@code count} bytes; {@link #UPRIGHT} where there is none. */
    static int orientation(Bytes in, int start, int count) {
        if (count < 8) {
            return UPRIGHT;
        }
        Bytes view = in.in(in.u8(start) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = view.u32(start + 4);
        if (view.u8(start) != view.u8(start + 1) || view.u16(start + 2) != 42 || directory > count - 2) {
            return UPRIGHT;
        }
        int entries = view.u16(start + directory);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (entry + 12 > count) {
                return UPRIGHT;
            }
            if (view.u16(start + entry) == ORIENTATION) {
                int type = view.u16(start + entry + 2);
                long value = type == SHORT
                        ? view.u16(start + entry + 8)
                        : type == LONG ? view.u32(start + entry + 8) : UPRIGHT;
                return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
