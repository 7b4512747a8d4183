package io.planisphere.image;

import java.nio.ByteOrder;
import java.util.Set;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.BytePointer;

/**
 * Removes from the decoder's own copy of a photo what OpenCV handles in some formats only, so that all formats are decoded alike:
 * pixels as stored, alpha dropped.
 */
final class WithoutOrientationAndAlpha {
    private static final int SHORT = 3;
    private static final int PNG_SIGNATURE = 8;
    private static final Set<String> PNG_ANIMATION = Set.of("acTL", "fcTL", "fdAT");
    // an ancillary, private chunk that is not safe to copy
    private static final byte[] PNG_NO_MEANING = {'n', 'o', 'N', 'E'};

    private WithoutOrientationAndAlpha() {}

    /** Modifies {@code copy}, which has the same bytes as {@code photo}; its structure must be complete. */
    static void make(ImageKind kind, PhotoBytes photo, BytePointer copy) {
        switch (kind) {
            case TIFF -> tiff(photo, copy);
            case PNG -> png(Bytes.bigEndian(photo), copy);
            default -> {}
        }
    }

    private static void tiff(PhotoBytes photo, BytePointer copy) {
        TiffDirectory directory = TiffDirectory.of(photo);
        TiffDirectory.Values orientation = directory.valuesOf(TiffDirectory.ORIENTATION);
        if (orientation != null) {
            ByteOrder order = directory.bytes().order();
            putShort(copy, orientation.entry() + 2, SHORT, order);
            // in a BigTIFF the count is longer, and so is the part to overwrite
            long width = orientation.inPlace() - orientation.entry() - 4;
            for (long i = 0; i < 2 * width; i++) {
                copy.put(orientation.entry() + 4 + i, (byte) 0);
            }
            long lowest = orientation.entry() + 4 + (order == ByteOrder.BIG_ENDIAN ? width - 1 : 0);
            copy.put(lowest, (byte) 1);
            putShort(copy, orientation.inPlace(), Exif.UPRIGHT, order);
        }
    }

    private static void putShort(BytePointer copy, long at, int value, ByteOrder order) {
        copy.put(at + (order == ByteOrder.BIG_ENDIAN ? 1 : 0), (byte) value);
        copy.put(at + (order == ByteOrder.BIG_ENDIAN ? 0 : 1), (byte) 0);
    }

    /**
     * Renames the chunks of an animation to a meaningless name and updates their checksums, because OpenCV would decode the last
     * frame. What remains is the image that every decoder shows: the first frame or the default image before it.
     */
    private static void png(Bytes in, BytePointer copy) {
        long at = PNG_SIGNATURE;
        while (in.has(at, 12) && in.has(at + 12, in.u32(at))) {
            int count = (int) in.u32(at);
            if (PNG_ANIMATION.contains(in.text(at + 4, 4))) {
                CRC32 checksum = new CRC32();
                checksum.update(PNG_NO_MEANING);
                checksum.update(in.array(), (int) at + 8, count);
                copy.position(at + 4).put(PNG_NO_MEANING);
                copy.position(at + 8 + count).put(bigEndian((int) checksum.getValue()));
                copy.position(0);
            }
            at += 12L + count;
        }
    }

    private static byte[] bigEndian(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
