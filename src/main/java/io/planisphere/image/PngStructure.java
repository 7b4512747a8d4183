package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Parses the chunks of a PNG (W3C PNG, section 5) up to IEND. */
final class PngStructure {
    // deflate's best ratio is 1032 to 1 (zlib technical details)
    private static final long MAX_RATIO = 1032;

    private PngStructure() {}

    static Structure read(PhotoBytes photo) {
        Bytes in = Bytes.bigEndian(photo);
        if (!in.has(8, 25)) {
            return new Structure(
                    ImageKind.PNG, 0, 0, 1, 0, Structure.truncated("Ends after " + in.length() + " bytes, in IHDR"));
        }
        if (!in.hasText(12, "IHDR") || in.u32(8) != 13) {
            return new Structure(ImageKind.PNG, 0, 0, 1, 0, Structure.undecodable("First chunk is not IHDR"));
        }
        long width = in.u32(16);
        long height = in.u32(20);
        int bits = in.u8(24);
        int components = switch (in.u8(25)) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        int orientation = Exif.UPRIGHT;
        PngMetadata metadata = new PngMetadata(in);
        long data = 0;
        long at = 8;
        while (in.has(at, 12)) {
            long count = in.u32(at);
            if (!in.has(at + 12, count)) {
                break;
            }
            // upper case means a critical chunk, on which the pixels depend
            if ((in.u8(at + 4) & 0x20) == 0 && !hasRightChecksum(in, at, (int) count)) {
                Fault wrong =
                        Structure.undecodable("Wrong checksum of chunk " + in.printable(at + 4, 4) + " at byte " + at);
                return new Structure(ImageKind.PNG, width, height, orientation, components, wrong);
            }
            if (in.hasText(at + 4, "IDAT")) {
                data += count;
            } else if (metadata.reads(at + 4, (int) count)) {
                orientation = metadata.orientation();
            } else if (in.hasText(at + 4, "IEND")) {
                return new Structure(
                        ImageKind.PNG,
                        width,
                        height,
                        orientation,
                        components,
                        dataFault(width, height, bits, components, data));
            }
            at += 12 + count;
        }
        Fault cut = Structure.truncated("Ends after " + in.length() + " bytes, before chunk IEND");
        return new Structure(ImageKind.PNG, width, height, orientation, components, cut);
    }

    private static boolean hasRightChecksum(Bytes in, long at, int count) {
        CRC32 checksum = new CRC32();
        checksum.update(in.array(), (int) at + 4, 4 + count);
        return checksum.getValue() == in.u32(at + 8 + count);
    }

    private static @Nullable Fault dataFault(long width, long height, int bits, int components, long data) {
        if (data == 0) {
            return Structure.truncated("No image data before chunk IEND");
        }
        // larger photos are rejected by the pixel limit before this is used
        double raw = (double) height * (1 + Math.floor((double) width * bits * components / 8));
        if (raw > (double) data * MAX_RATIO) {
            return Structure.truncated(data + " bytes of image data cannot hold " + width + " x " + height);
        }
        return null;
    }
}
