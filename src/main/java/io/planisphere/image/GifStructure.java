package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import org.jspecify.annotations.Nullable;

/** Walks through the blocks of a GIF (GIF89a, section 17 and following) up to its trailer. */
final class GifStructure {
    static final int EXTENSION = 0x21;
    static final int GRAPHIC_CONTROL = 0xF9;
    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;

    private GifStructure() {}

    static Structure read(PhotoBytes photo) {
        Bytes in = Bytes.littleEndian(photo);
        if (!in.has(0, 13)) {
            return new Structure(
                    ImageKind.GIF,
                    0,
                    0,
                    1,
                    0,
                    Structure.truncated("Ends after " + in.length() + " bytes, in its header"));
        }
        return new Structure(ImageKind.GIF, in.u16(6), in.u16(8), Exif.UPRIGHT, 1, fault(in));
    }

    private static @Nullable Fault fault(Bytes in) {
        long at = afterHeader(in);
        int frames = 0;
        while (in.has(at, 1)) {
            int block = in.u8(at);
            if (block == TRAILER) {
                return frames > 0 ? null : Structure.truncated("Trailer at byte " + at + " before any frame");
            } else if (block == EXTENSION) {
                at = afterSubBlocks(in, at + 2);
            } else if (block == IMAGE && in.has(at, 11)) {
                at = afterSubBlocks(in, at + 11 + paletteBytes(in.u8(at + 9)));
                frames++;
            } else if (block == IMAGE) {
                break;
            } else {
                return Structure.undecodable("Unknown block " + block + " at byte " + at);
            }
        }
        return Structure.truncated("Ends after " + in.length() + " bytes, before the trailer");
    }

    static long afterHeader(Bytes in) {
        return 13L + paletteBytes(in.u8(10));
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
    }

    static long afterSubBlocks(Bytes in, long start) {
        long at = start;
        while (in.has(at, 1) && in.u8(at) != 0) {
            at += 1 + in.u8(at);
        }
        return at + 1;
    }
}
