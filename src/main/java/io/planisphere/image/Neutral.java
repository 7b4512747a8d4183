package io.planisphere.image;

import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;

/**
 * Takes out of the decoder's own copy of a photo what OpenCV would act on in one kind but not in the others, so that all
 * kinds come out alike: pixels as stored, alpha dropped.
 */
final class Neutral {
    private static final int TIFF_ORIENTATION = 274;
    private static final int TIFF_EXTRA_SAMPLES = 338;
    private static final int UNASSOCIATED_ALPHA = 2;
    private static final int ASSOCIATED_ALPHA = 1;

    private Neutral() {}

    /** {@code copy} holds the same bytes, of a structure already found complete. */
    static void make(ImageKind kind, PhotoBytes photo, BytePointer copy) {
        switch (kind) {
            case TIFF -> tiff(Bytes.of(photo, TiffStructure.orderOf(photo)), copy);
            case GIF -> gif(Bytes.littleEndian(photo), copy);
            default -> {}
        }
    }

    private static void tiff(Bytes in, BytePointer copy) {
        long directory = in.u32(4);
        for (int i = 0; i < in.u16(directory); i++) {
            long entry = directory + 2 + 12L * i;
            int tag = in.u16(entry);
            if (tag == TIFF_ORIENTATION) {
                putShort(copy, entry + 8, Exif.UPRIGHT, in.order());
            } else if (tag == TIFF_EXTRA_SAMPLES && in.u16(entry + 8) == UNASSOCIATED_ALPHA) {
                // libtiff would multiply the colours by an alpha that is not yet in them
                putShort(copy, entry + 8, ASSOCIATED_ALPHA, in.order());
            }
        }
    }

    private static void putShort(BytePointer copy, long at, int value, ByteOrder order) {
        copy.put(at + (order == ByteOrder.BIG_ENDIAN ? 1 : 0), (byte) value);
        copy.put(at + (order == ByteOrder.BIG_ENDIAN ? 0 : 1), (byte) 0);
    }

    /** Clears the transparency flag of the first frame: its transparent pixels keep their palette colour. */
    private static void gif(Bytes in, BytePointer copy) {
        long at = GifStructure.afterHeader(in);
        while (in.has(at, 4) && in.u8(at) == GifStructure.EXTENSION) {
            if (in.u8(at + 1) == GifStructure.GRAPHIC_CONTROL) {
                copy.put(at + 3, (byte) (in.u8(at + 3) & ~1));
            }
            at = GifStructure.afterSubBlocks(in, at + 2);
        }
    }
}
