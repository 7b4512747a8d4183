package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the marker segments of a JPEG (ITU T.81, annex B) and scans its entropy-coded data for the next marker, to detect photos
 * truncated anywhere before decoding: libjpeg would fill the rest with grey.
 */
final class JpegStructure {
    // libjpeg-turbo's recommended limit against files with excessive scans ("progressive bomb"); real files have about
    // ten
    private static final int MAX_SCANS = 100;
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final int LOSSLESS = 0xC3;
    private static final int ARITHMETIC = 0xC9;
    private static final int ARITHMETIC_PROGRESSIVE = 0xCA;
    // the last of baseline, extended and progressive
    private static final int LAST_HUFFMAN = 0xC2;

    private final Bytes in;
    private final int start;
    private int at;
    private int scans;
    private int width;
    private int height;
    private int components;
    private int orientation = Exif.ABSENT;
    private int xmpOrientation = Exif.ABSENT;
    private boolean exifSeen;
    private boolean isYcbcr;
    private int coding;
    // minimum number of bits of the entropy-coded data
    private long leastBits;

    private JpegStructure(Bytes in, int start) {
        this.in = in;
        this.start = start;
        at = start + 2;
    }

    static Structure read(PhotoBytes photo) {
        return read(Bytes.bigEndian(photo), 0);
    }

    /** Reads a JPEG that begins with its marker at {@code start} and ends at the end of {@code in} or earlier. */
    static Structure read(Bytes in, int start) {
        JpegStructure walk = new JpegStructure(in, start);
        Fault fault = walk.walk();
        return new Structure(
                ImageKind.JPEG,
                walk.width,
                walk.height,
                Exif.first(walk.orientation, walk.xmpOrientation),
                walk.components,
                walk.coding == LOSSLESS,
                fault);
    }

    private @Nullable Fault walk() {
        while (true) {
            int marker = nextMarker();
            if (marker < 0) {
                return cutOff("before the end-of-image marker");
            }
            if (marker == 0xD9) {
                return ended();
            }
            if (marker == 0xD8) {
                return Structure.truncated("Another image begins at byte " + (at - 2) + " before this one ends");
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
                continue;
            }
            if (!in.has(at, 2) || !in.has(at, in.u16(at))) {
                return cutOff("inside segment FF" + Integer.toHexString(marker).toUpperCase(Locale.ROOT));
            }
            int count = in.u16(at);
            if (count < 2 && isSkipped(marker)) {
                // libjpeg skips only the length
                at += 2;
                continue;
            }
            if (count < 2) {
                return Structure.undecodable("Segment length " + count + " at byte " + at + " is less than 2");
            }
            Fault fault = segment(marker, at + 2, count - 2);
            if (fault != null) {
                return fault;
            }
            at += count;
            if (marker == 0xDA) {
                scans++;
                if (scans > MAX_SCANS) {
                    return Structure.undecodable("More than " + MAX_SCANS + " scans");
                }
                skipScan();
            }
        }
    }

    private @Nullable Fault ended() {
        if (scans == 0) {
            return Structure.truncated("End-of-image marker at byte " + (at - 2) + " before any scan");
        }
        if (leastBits > 8L * (at - start)) {
            return Structure.truncated(at - start + " bytes cannot hold the " + leastBits
                    + (coding == LOSSLESS ? " samples" : " blocks") + " of " + width + " x " + height);
        }
        if (coding == LOSSLESS && components == 3 && isYcbcr) {
            return Structure.unsupported("Lossless JPEG in YCbCr");
        }
        return null;
    }

    /** Returns whether a segment does not affect the pixels, or is one that libjpeg skips: APPn, comment, DNL. */
    private static boolean isSkipped(int marker) {
        return (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE || marker == 0xDC;
    }

    /** Moves {@code at} after the next marker and returns its code; -1 if the bytes end first. */
    private int nextMarker() {
        byte[] bytes = in.array();
        int end = in.length();
        int i = in.next(0xFF, at, end); // libjpeg skips stray bytes between segments
        while (i < end && bytes[i] == (byte) 0xFF) {
            i++;
        }
        if (i >= end) {
            return -1;
        }
        at = i + 1;
        return bytes[i] & 0xFF;
    }

    /** Moves {@code at} to the marker that ends the entropy-coded data, or to the end of the bytes. */
    private void skipScan() {
        byte[] bytes = in.array();
        int last = in.length() - 1;
        for (int i = in.next(0xFF, at, last); i < last; i = in.next(0xFF, i + 1, last)) {
            int next = bytes[i + 1] & 0xFF;
            if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                at = i;
                return;
            }
        }
        at = in.length();
    }

    private @Nullable Fault segment(int marker, int start, int count) {
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            return frame(marker, start, count);
        }
        if (marker == 0xDA && components == 0) {
            return Structure.undecodable("Scan at byte " + start + " before any frame");
        }
        if (marker == 0xE1 && !exifSeen && count > 6 && in.hasText(start, "Exif\0")) {
            exifSeen = true;
            orientation = Exif.orientation(in, start + 6, count - 6);
        }
        if (marker == 0xE1 && xmpOrientation == Exif.ABSENT && in.hasText(start, XMP)) {
            xmpOrientation = Xmp.orientation(in, start, count);
        }
        if (marker == 0xE0 && in.hasText(start, "JFIF\0")) {
            isYcbcr = true;
        }
        if (marker == 0xEE && count >= 12 && in.hasText(start, "Adobe")) {
            isYcbcr |= in.u8(start + 11) != 0;
        }
        return null;
    }

    private @Nullable Fault frame(int marker, int start, int count) {
        if (count < 6 || count < 6 + 3 * in.u8(start + 5)) {
            return Structure.undecodable("Frame header of " + count + " bytes is too short");
        }
        if (components > 0) {
            return Structure.undecodable("Second frame header at byte " + start);
        }
        height = in.u16(start + 1);
        width = in.u16(start + 3);
        components = in.u8(start + 5);
        int precision = in.u8(start);
        coding = marker;
        if (marker > LAST_HUFFMAN
                && !Set.of(LOSSLESS, ARITHMETIC, ARITHMETIC_PROGRESSIVE).contains(marker)) {
            return Structure.unsupported(codingOf(marker) + " JPEG");
        }
        if (precision != 8) {
            return Structure.unsupported(precision + "-bit JPEG");
        }
        if (components != 1 && components != 3 && components != 4) {
            return Structure.unsupported("JPEG of " + components + " components");
        }
        if (height == 0) {
            return Structure.unsupported("JPEG that states its height after the scan");
        }
        leastBits = switch (marker) {
            // a block may take far less than a bit
            case ARITHMETIC, ARITHMETIC_PROGRESSIVE -> 0;
            // Huffman's codes: one bit per sample
            case LOSSLESS -> samples(start + 6, 1);
            // and one per block, in the scan that carries its DC coefficient
            default -> samples(start + 6, 8);
        };
        return null;
    }

    /** Returns the number of squares of this side, in samples, over all components. */
    private long samples(int start, long side) {
        int maxAcross = 1;
        int maxDown = 1;
        for (int c = 0; c < components; c++) {
            maxAcross = Math.max(maxAcross, in.u8(start + 3 * c + 1) >> 4);
            maxDown = Math.max(maxDown, in.u8(start + 3 * c + 1) & 15);
        }
        long sum = 0;
        for (int c = 0; c < components; c++) {
            long across = (long) width * (in.u8(start + 3 * c + 1) >> 4) / (side * maxAcross);
            long down = (long) height * (in.u8(start + 3 * c + 1) & 15) / (side * maxDown);
            sum += across * down;
        }
        return sum;
    }

    private static String codingOf(int marker) {
        return switch (marker) {
            case 0xCB -> "Lossless arithmetic-coded";
            default -> "Hierarchical";
        };
    }

    private Fault cutOff(String where) {
        return Structure.truncated("Ends after " + in.length() + " bytes, " + where);
    }
}
