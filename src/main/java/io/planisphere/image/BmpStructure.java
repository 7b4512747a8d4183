package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the headers of a BMP, and checks that its pixel array is complete. */
final class BmpStructure {
    private static final Set<Long> HEADERS = Set.of(12L, 40L, 52L, 56L, 64L, 108L, 124L);
    private static final Set<Integer> DEPTHS = Set.of(1, 4, 8, 16, 24, 32);

    private BmpStructure() {}

    static Structure read(PhotoBytes photo) {
        Bytes in = Bytes.littleEndian(photo);
        if (!in.has(0, 26) || (in.u32(14) >= BmpHeader.INFO && !in.has(0, 54))) {
            return withoutSize(Structure.truncated("Ends after " + in.length() + " bytes, in its header"));
        }
        long size = in.u32(14);
        if (!HEADERS.contains(size)) {
            return withoutSize(Structure.unsupported("BMP with a header of " + size + " bytes"));
        }
        BmpHeader header = BmpHeader.of(in);
        Fault fault = header.width() < 0
                ? Structure.undecodable("Width " + header.width() + " is negative")
                : pixelFault(in, header);
        return new Structure(
                ImageKind.BMP,
                Math.max(0, header.width()),
                header.height(),
                Exif.UPRIGHT,
                header.bits() > 8 ? 3 : 1,
                fault);
    }

    private static Structure withoutSize(Fault fault) {
        return new Structure(ImageKind.BMP, 0, 0, 1, 0, fault);
    }

    private static @Nullable Fault pixelFault(Bytes in, BmpHeader header) {
        if (!DEPTHS.contains(header.bits())) {
            return Structure.unsupported("BMP of " + header.bits() + " bits per pixel");
        }
        if (!isRead(header)) {
            // 3 and 4 are Huffman's code and 24-bit run lengths in OS/2, bit fields and a JPEG in Windows
            return Structure.unsupported("BMP with compression " + header.compression() + " of " + header.bits()
                    + " bits per pixel, header of " + header.size() + " bytes");
        }
        if (header.compression() == BmpHeader.BIT_FIELDS) {
            Fault fault = maskFault(in, header);
            if (fault != null) {
                return fault;
            }
        }
        // the length of run-length data is known only after reading it
        double count = header.isRunLength()
                ? 1
                : header.rowBytes() * (header.height() - 1) + Math.ceil((double) header.width() * header.bits() / 8);
        if (header.pixels() + count > in.length()) {
            return Structure.truncated(String.format(
                    Locale.ROOT,
                    "Pixels of %.0f bytes from byte %d, but it ends after %d",
                    count,
                    header.pixels(),
                    in.length()));
        }
        return null;
    }

    private static boolean isRead(BmpHeader header) {
        return switch ((int) Math.min(header.compression(), 99)) {
            case BmpHeader.UNCOMPRESSED -> true;
            case BmpHeader.RUN_LENGTH_8 -> header.bits() == 8;
            case BmpHeader.RUN_LENGTH_4 -> header.bits() == 4;
            case BmpHeader.BIT_FIELDS -> header.bits() > 8 && header.size() != BmpHeader.OS2;
            default -> false;
        };
    }

    private static @Nullable Fault maskFault(Bytes in, BmpHeader header) {
        if (!in.has(54, 12)) {
            return Structure.truncated("Ends after " + in.length() + " bytes, in its bit fields");
        }
        for (int colour = 0; colour < 3; colour++) {
            int mask = header.mask(in, colour);
            int run = mask >>> Integer.numberOfTrailingZeros(mask);
            boolean fits = header.bits() == 32 || mask >>> header.bits() == 0;
            if (mask == 0 || (run & (run + 1)) != 0 || Integer.bitCount(mask) > 16 || !fits) {
                return Structure.unsupported("BMP with the bit field " + Integer.toHexString(mask) + " in "
                        + header.bits() + " bits per pixel");
            }
        }
        return null;
    }
}
