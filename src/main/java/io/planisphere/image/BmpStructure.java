package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import org.jspecify.annotations.Nullable;

/** Reads the headers of a BMP and holds its pixel array against the bytes that are there. */
final class BmpStructure {
    private static final int CORE_HEADER = 12;
    private static final int INFO_HEADER = 40;

    private BmpStructure() {}

    static Structure read(PhotoBytes photo) {
        Bytes in = Bytes.littleEndian(photo);
        if (!in.has(0, 26) || (in.u32(14) >= INFO_HEADER && !in.has(0, 54))) {
            return new Structure(
                    ImageKind.BMP,
                    0,
                    0,
                    1,
                    0,
                    Structure.truncated("Ends after " + in.length() + " bytes, in its header"));
        }
        long header = in.u32(14);
        boolean core = header == CORE_HEADER;
        if (!core && header < INFO_HEADER) {
            return new Structure(
                    ImageKind.BMP, 0, 0, 1, 0, Structure.unsupported("BMP with a header of " + header + " bytes"));
        }
        long width = core ? in.u16(18) : in.i32(18);
        long height = core ? in.u16(20) : Math.abs((long) in.i32(22));
        int bits = in.u16(core ? 24 : 28);
        long compression = core ? 0 : in.u32(30);
        Fault fault = width < 0
                ? Structure.undecodable("Width " + width + " is negative")
                : pixelFault(in, width, height, bits, compression);
        return new Structure(ImageKind.BMP, Math.max(0, width), height, Exif.UPRIGHT, bits > 8 ? 3 : 1, fault);
    }

    private static @Nullable Fault pixelFault(Bytes in, long width, long height, int bits, long compression) {
        if (compression == 4 || compression == 5 || compression > 6) {
            return Structure.unsupported("BMP with compression " + compression);
        }
        boolean runLength = compression == 1 || compression == 2;
        // a row is padded to four bytes; run lengths can only be held against the size that the header states
        double count = runLength ? in.u32(34) : Math.ceil((double) width * bits / 32) * 4 * height;
        long start = in.u32(10);
        if (start + count > in.length() || start >= in.length()) {
            return Structure.truncated(String.format(
                    "Pixels of %.0f bytes from byte %d, but it ends after %d", count, start, in.length()));
        }
        return null;
    }
}
