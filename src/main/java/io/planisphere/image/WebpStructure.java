package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import org.jspecify.annotations.Nullable;

/** Parses the RIFF chunks of a WebP (RFC 9649, section 2) up to the size in its header. */
final class WebpStructure {
    private final Bytes in;
    private long width;
    private long height;
    private int orientation = Exif.ABSENT;
    private int xmpOrientation = Exif.ABSENT;
    private int components = 3;
    private boolean imageSeen;

    private WebpStructure(PhotoBytes photo) {
        in = Bytes.littleEndian(photo);
    }

    static Structure read(PhotoBytes photo) {
        WebpStructure walk = new WebpStructure(photo);
        Fault fault = walk.walk();
        return new Structure(
                ImageKind.WEBP,
                walk.width,
                walk.height,
                Exif.first(walk.orientation, walk.xmpOrientation),
                walk.components,
                fault);
    }

    private @Nullable Fault walk() {
        long declared = in.u32(4) + 8;
        long end = Math.min(declared, in.length());
        long at = 12;
        while (at + 8 <= end) {
            long count = in.u32(at + 4);
            chunk(in.text(at, 4), at + 8, Math.min(count, end - at - 8));
            if (at + 8 + count > end) {
                return Structure.truncated("Chunk " + in.printable(at, 4).strip() + " of " + count
                        + " bytes ends after " + (end - at - 8));
            }
            at += 8 + count + (count & 1);
        }
        if (declared > in.length()) {
            return Structure.truncated("Ends after " + in.length() + " of " + declared + " bytes");
        }
        return imageSeen ? null : Structure.truncated("No image chunk in " + declared + " bytes");
    }

    private void chunk(String name, long start, long count) {
        switch (name) {
            case "VP8X" -> {
                if (count >= 10) {
                    components = (in.u8(start) & 0x10) != 0 ? 4 : 3;
                    width = 1 + u24(start + 4);
                    height = 1 + u24(start + 7);
                }
            }
            case "VP8 " -> {
                imageSeen = true;
                if (width == 0 && count >= 10) {
                    width = in.u16(start + 6) & 0x3FFF;
                    height = in.u16(start + 8) & 0x3FFF;
                }
            }
            case "VP8L" -> {
                imageSeen = true;
                if (width == 0 && count >= 5) {
                    long packed = in.u32(start + 1);
                    width = 1 + (packed & 0x3FFF);
                    height = 1 + (packed >> 14 & 0x3FFF);
                    components = (packed >> 28 & 1) != 0 ? 4 : 3;
                }
            }
            case "ANMF" -> imageSeen = true;
            case "EXIF" -> {
                // some writers keep the JPEG prefix
                int skip = in.hasText(start, "Exif\0") && count >= 6 ? 6 : 0;
                orientation = Exif.orientation(in, (int) start + skip, (int) count - skip);
            }
            case "XMP " -> xmpOrientation = Xmp.orientation(in, start, count);
            default -> {}
        }
    }

    private long u24(long at) {
        return in.u16(at) | (long) in.u8(at + 2) << 16;
    }
}
