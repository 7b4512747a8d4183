package io.planisphere.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;

/**
 * Reads the orientation of a PNG from an EXIF chunk, from the hexadecimal text that ImageMagick wrote before EXIF chunks existed,
 * or from XMP. The first of these with an orientation counts, as in Pillow.
 */
final class PngMetadata {
    private static final String RAW_EXIF = "Raw profile type exif\0";
    private static final String XMP = "XML:com.adobe.xmp\0";
    private static final String EXIF = "Exif\0\0";
    // the longest EXIF of a JPEG in hexadecimal digits with line breaks; bounds decompression bombs
    private static final int MOST_TEXT = 1 << 18;

    private final Bytes in;
    private int exif = Exif.ABSENT;
    private int raw = Exif.ABSENT;
    private int xmp = Exif.ABSENT;

    PngMetadata(Bytes in) {
        this.in = in;
    }

    /**
     * Reads the chunk whose name begins at {@code at}, with {@code count} bytes of data; returns whether it may have an
     * orientation.
     */
    boolean reads(long at, int count) {
        long data = at + 4;
        if (in.hasText(at, "eXIf")) {
            exif = Exif.orientation(in, (int) data, count);
        } else if ((in.hasText(at, "zTXt") || in.hasText(at, "tEXt")) && count > RAW_EXIF.length()) {
            raw = in.hasText(data, RAW_EXIF) ? rawOrientation(data, count, in.hasText(at, "zTXt")) : raw;
        } else if (in.hasText(at, "iTXt") && in.hasText(data, XMP)) {
            xmp = Xmp.orientation(in, data, count);
        } else {
            return false;
        }
        return true;
    }

    int orientation() {
        return Exif.first(exif, raw, xmp);
    }

    private int rawOrientation(long data, int count, boolean isDeflated) {
        int start = (int) data + RAW_EXIF.length() + (isDeflated ? 1 : 0);
        int rest = (int) data + count - start;
        InputStream stored = new ByteArrayInputStream(in.array(), start, Math.max(0, rest));
        try (InputStream text = isDeflated ? new InflaterInputStream(stored) : stored) {
            String profile = new String(text.readNBytes(MOST_TEXT), StandardCharsets.ISO_8859_1);
            // an empty line, the profile's name, its length, then lines of digits
            String[] lines = profile.split("\n", 4);
            byte[] bytes = HexFormat.of().parseHex(lines.length < 4 ? "" : lines[3].replaceAll("\\s", ""));
            Bytes block = new Bytes(bytes, bytes.length, ByteOrder.BIG_ENDIAN);
            int skip = block.hasText(0, EXIF) ? EXIF.length() : 0;
            return Exif.orientation(block, skip, bytes.length - skip);
        } catch (IOException | IllegalArgumentException e) {
            return Exif.ABSENT; // unreadable metadata is no reason to reject the photo
        }
    }
}
