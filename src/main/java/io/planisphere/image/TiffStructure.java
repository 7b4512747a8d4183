package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the first directory of a TIFF (TIFF 6.0, section 2) and holds its strips or tiles against the bytes there are. */
final class TiffStructure {
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int STRIP_COUNTS = 279;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_COUNTS = 325;
    // XMP and what follows it does not touch the pixels; damage there is no reason to refuse them
    private static final int FIRST_PRIVATE = 700;
    private static final int DNG_VERSION = 50706;
    private static final long UNCOMPRESSED = 1;
    private static final long YCBCR = 6;

    // none, CCITT (3), LZW, JPEG, deflate (2 codes), PackBits: what the native library is built with
    private static final Set<Long> COMPRESSIONS = Set.of(UNCOMPRESSED, 2L, 3L, 4L, 5L, 7L, 8L, 32946L, 32773L);

    private final Bytes in;
    private long width;
    private long height;
    private long bits = 1;
    private long samples = 1;
    private long compression = UNCOMPRESSED;
    private long photometric;
    private int orientation = Exif.UPRIGHT;
    private boolean raw;
    private @Nullable Values offsets;
    private @Nullable Values counts;

    /** Where an entry's values stand. */
    private record Values(long at, long count, int width) {
        long bytes() {
            return count * width;
        }
    }

    private TiffStructure(PhotoBytes photo) {
        in = Bytes.of(photo, orderOf(photo));
    }

    static ByteOrder orderOf(PhotoBytes photo) {
        return photo.array()[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    static Structure read(PhotoBytes photo) {
        TiffStructure walk = new TiffStructure(photo);
        Fault fault = walk.walk();
        return new Structure(
                ImageKind.TIFF, walk.width, walk.height, walk.orientation, (int) Math.min(walk.samples, 99), fault);
    }

    private @Nullable Fault walk() {
        if (!in.has(0, 8)) {
            return cutOff("in its header");
        }
        if (in.u16(2) == 43) {
            return Structure.unsupported("BigTIFF");
        }
        if (in.hasText(8, "CR")) {
            return Structure.unsupported("Camera raw file (CR2)");
        }
        long directory = in.u32(4);
        if (!in.has(directory, 2)) {
            return cutOff("before its directory at byte " + directory);
        }
        int entries = in.u16(directory);
        if (!in.has(directory + 2, 12L * entries)) {
            return cutOff("in its directory of " + entries + " entries");
        }
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (in.u16(entry) < FIRST_PRIVATE
                    && !in.has(valuesOf(entry).at(), valuesOf(entry).bytes())) {
                return cutOff("before the values of tag " + in.u16(entry));
            }
            entry(in.u16(entry), valuesOf(entry));
        }
        if (raw) {
            return Structure.unsupported("Camera raw file or thumbnail in TIFF");
        }
        return pixelFault();
    }

    private Values valuesOf(long entry) {
        int width = switch (in.u16(entry + 2)) {
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12 -> 8;
            default -> 1;
        };
        long count = in.u32(entry + 4);
        return new Values(width * count <= 4 ? entry + 8 : in.u32(entry + 8), count, width);
    }

    private void entry(int tag, Values values) {
        switch (tag) {
            case NEW_SUBFILE_TYPE -> raw |= (value(values, 0) & 1) != 0;
            // the larger, should a hostile file state two: the native library takes the first
            case WIDTH -> width = Math.max(width, value(values, 0));
            case HEIGHT -> height = Math.max(height, value(values, 0));
            case BITS -> bits = value(values, 0);
            case COMPRESSION -> compression = value(values, 0);
            case PHOTOMETRIC -> photometric = value(values, 0);
            case SAMPLES -> samples = value(values, 0);
            case ORIENTATION -> {
                long stated = value(values, 0);
                orientation = stated >= 1 && stated <= 8 ? (int) stated : Exif.UPRIGHT;
            }
            case STRIP_OFFSETS, TILE_OFFSETS -> offsets = values;
            case STRIP_COUNTS, TILE_COUNTS -> counts = values;
            case DNG_VERSION -> raw = true;
            default -> {}
        }
    }

    private @Nullable Fault pixelFault() {
        if (offsets == null || width == 0 || height == 0) {
            return Structure.undecodable("TIFF directory without size or strips");
        }
        if (!COMPRESSIONS.contains(compression)) {
            return Structure.unsupported("Compression " + compression);
        }
        if (bits > 16) {
            return Structure.unsupported(bits + " bits per sample");
        }
        long pieces = offsets.count();
        double held = 0;
        for (long i = 0; i < pieces; i++) {
            long start = value(offsets, i);
            long count = counts != null && i < counts.count() ? value(counts, i) : 0;
            if (start + count > in.length()) {
                return cutOff("but strip " + i + " takes bytes " + start + " to " + (start + count));
            }
            held += count;
        }
        double needed = (double) height * Math.floor((double) width * bits * samples / 8);
        // subsampled YCbCr holds less than one sample per pixel and channel
        if (counts != null && compression == UNCOMPRESSED && photometric != YCBCR && held < needed) {
            return Structure.truncated(String.format("Strips of %.0f bytes cannot hold %d x %d", held, width, height));
        }
        return null;
    }

    private long value(Values values, long i) {
        long at = values.at() + i * values.width();
        if (i >= values.count() || !in.has(at, values.width())) {
            return 0;
        }
        return switch (values.width()) {
            case 2 -> in.u16(at);
            case 4 -> in.u32(at);
            default -> in.u8(at);
        };
    }

    private Fault cutOff(String where) {
        return Structure.truncated("Ends after " + in.length() + " bytes, " + where);
    }
}
