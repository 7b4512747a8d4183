package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the marker segments of a JPEG (ITU T.81, annex B) and scans its entropy-coded data for the next marker, so
 * that a photo cut off anywhere is found before decoding: libjpeg would fill the rest with grey.
 */
final class JpegStructure {
    // libjpeg-turbo's own advice against files that are all scans (its "progressive bomb"); real ones have about ten
    private static final int MAX_SCANS = 100;

    private final Bytes in;
    private int at = 2;
    private int scans;
    private int width;
    private int height;
    private int components;
    private int orientation = Exif.UPRIGHT;
    private boolean exifSeen;
    private long blocks;

    private JpegStructure(PhotoBytes photo) {
        in = Bytes.bigEndian(photo);
    }

    static Structure read(PhotoBytes photo) {
        JpegStructure walk = new JpegStructure(photo);
        Fault fault = walk.walk();
        return new Structure(ImageKind.JPEG, walk.width, walk.height, walk.orientation, walk.components, fault);
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
        // every block costs at least one bit in the scan that carries its DC coefficient
        if (blocks > 8L * at) {
            return Structure.truncated(
                    at + " bytes cannot hold the " + blocks + " blocks of " + width + " x " + height);
        }
        return null;
    }

    /** Leaves {@code at} behind the next marker and returns its code; -1 when the bytes end first. */
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

    /** Leaves {@code at} on the marker that ends the entropy-coded data, or at the end of the bytes. */
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
        if (marker > 0xC2) {
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
        blocks = blocks(start + 6);
        return null;
    }

    private long blocks(int start) {
        int maxAcross = 1;
        int maxDown = 1;
        for (int c = 0; c < components; c++) {
            maxAcross = Math.max(maxAcross, in.u8(start + 3 * c + 1) >> 4);
            maxDown = Math.max(maxDown, in.u8(start + 3 * c + 1) & 15);
        }
        long sum = 0;
        for (int c = 0; c < components; c++) {
            long across = (long) width * (in.u8(start + 3 * c + 1) >> 4) / (8L * maxAcross);
            long down = (long) height * (in.u8(start + 3 * c + 1) & 15) / (8L * maxDown);
            sum += across * down;
        }
        return sum;
    }

    private static String codingOf(int marker) {
        return switch (marker) {
            case 0xC3 -> "Lossless";
            case 0xC9, 0xCA -> "Arithmetic-coded";
            case 0xCB -> "Lossless arithmetic-coded";
            default -> "Hierarchical";
        };
    }

    private Fault cutOff(String where) {
        return Structure.truncated("Ends after " + in.length() + " bytes, " + where);
    }
}
