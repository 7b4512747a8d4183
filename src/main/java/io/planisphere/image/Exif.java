package io.planisphere.image;

import java.nio.ByteOrder;

/**
 * Reads the orientation, the one EXIF tag that decoding needs, without building the whole metadata tree (Exif 2.32, section 4.6).
 */
final class Exif {
    static final int UPRIGHT = 1;

    /** No orientation; another source may have one. */
    static final int ABSENT = 0;

    private static final int ORIENTATION = 0x0112;

    private Exif() {}

    /** Returns the orientation in the TIFF block at {@code start}, of {@code count} bytes; {@link #ABSENT} if it has none. */
    static int orientation(Bytes in, int start, int count) {
        if (count < 8) {
            return ABSENT;
        }
        Bytes view = in.in(in.u8(start) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = view.u32(start + 4);
        if (view.u8(start) != view.u8(start + 1) || view.u16(start + 2) != 42 || directory > count - 2) {
            return ABSENT;
        }
        int entries = view.u16(start + directory);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (entry + 12 > count) {
                return ABSENT;
            }
            if (view.u16(start + entry) == ORIENTATION) {
                return orientation(view, view.u16(start + entry + 2), start + entry + 8);
            }
        }
        return ABSENT;
    }

    /**
     * Returns the orientation at {@code at}, a value of this TIFF type; {@link #UPRIGHT} if it is invalid. Integers of two or
     * four bytes (the standard's type is SHORT) or one signed byte are valid. BYTE, ASCII and UNDEFINED are not, as in Pillow.
     */
    static int orientation(Bytes in, int type, long at) {
        long value = switch (type) {
            case 3, 8 -> in.u16(at);
            case 4, 9 -> in.u32(at);
            case 6 -> in.u8(at);
            default -> UPRIGHT;
        };
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
    }

    /** Returns the first orientation that is not {@link #ABSENT}. */
    static int first(int... orientations) {
        for (int orientation : orientations) {
            if (orientation != ABSENT) {
                return orientation;
            }
        }
        return UPRIGHT;
    }
}
