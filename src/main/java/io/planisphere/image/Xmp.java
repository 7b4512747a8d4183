package io.planisphere.image;

/** Reads the orientation in an XMP packet, which is used if EXIF has none, as in Pillow: some editors write it only here. */
final class Xmp {
    private static final String NAME = "tiff:Orientation";

    private Xmp() {}

    /**
     * Returns the orientation, an attribute or an element in {@code count} bytes from {@code start}; {@link Exif#ABSENT} if there
     * is none.
     */
    static int orientation(Bytes in, long start, long count) {
        int end = (int) (start + count);
        for (int at = in.next('t', (int) start, end); at < end; at = in.next('t', at + 1, end)) {
            if (at + NAME.length() < end && in.hasText(at, NAME)) {
                int after = at + NAME.length();
                int value = in.hasText(after, "=\"") ? after + 2 : in.hasText(after, ">") ? after + 1 : end;
                if (value < end && in.u8(value) >= '0' && in.u8(value) <= '9') {
                    int stated = in.u8(value) - '0';
                    return stated >= 1 && stated <= 8 ? stated : Exif.UPRIGHT;
                }
            }
        }
        return Exif.ABSENT;
    }
}
