package io.planisphere.image;

import io.planisphere.image.Structure.Fault;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first directory of a TIFF (TIFF 6.0, section 2) or BigTIFF, whose counts and offsets have eight bytes. Repeated tags are
 * skipped, as in libtiff.
 */
final class TiffDirectory {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_COUNTS = 279;
    static final int PLANAR = 284;
    static final int PREDICTOR = 317;
    static final int COLOUR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_COUNTS = 325;
    static final int INK_SET = 332;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    // XMP and later tags do not affect the pixels; damage there is no reason to reject a photo
    private static final int FIRST_PRIVATE = 700;
    private static final int BIG = 43;

    private final Bytes in;
    private final Map<Integer, Values> entries = new HashMap<>();
    private final @Nullable Fault fault;

    /**
     * An entry's values.
     *
     * @param entry offset of the entry itself
     * @param inPlace offset in the entry of values that fit into it
     * @param type TIFF type number
     * @param at offset of the first value
     * @param width bytes per value
     */
    record Values(long entry, long inPlace, int type, long at, long count, int width) {
        double bytes() {
            return (double) count * width;
        }
    }

    private TiffDirectory(PhotoBytes photo) {
        in = Bytes.of(photo, orderOf(photo));
        fault = read();
    }

    /** Reads the directory as far as it is complete. */
    static TiffDirectory of(PhotoBytes photo) {
        return new TiffDirectory(photo);
    }

    static ByteOrder orderOf(PhotoBytes photo) {
        return photo.array()[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private @Nullable Fault read() {
        if (!in.has(0, 8)) {
            return cutOff("in its header");
        }
        boolean big = in.u16(2) == BIG;
        if (big && !in.has(0, 16)) {
            return cutOff("in its header");
        }
        long start = big ? in.u64(8) : in.u32(4);
        int countBytes = big ? 8 : 2;
        if (!in.has(start, countBytes)) {
            return cutOff("before its directory at byte " + start);
        }
        long count = big ? in.u64(start) : in.u16(start);
        int entryBytes = big ? 20 : 12;
        if (count > in.length() || !in.has(start + countBytes, entryBytes * count)) {
            return cutOff("in its directory of " + count + " entries");
        }
        for (long i = 0; i < count; i++) {
            long entry = start + countBytes + entryBytes * i;
            int tag = in.u16(entry);
            Values values = big ? valuesOfBig(entry) : valuesOf(entry);
            if (tag < FIRST_PRIVATE && (values.bytes() > in.length() || !in.has(values.at(), (long) values.bytes()))) {
                return cutOff("before the values of tag " + tag);
            }
            entries.putIfAbsent(tag, values);
        }
        return null;
    }

    private Values valuesOf(long entry) {
        int width = widthOf(in.u16(entry + 2));
        long count = in.u32(entry + 4);
        long at = width * count <= 4 ? entry + 8 : in.u32(entry + 8);
        return new Values(entry, entry + 8, in.u16(entry + 2), at, count, width);
    }

    private Values valuesOfBig(long entry) {
        int width = widthOf(in.u16(entry + 2));
        long count = in.u64(entry + 4);
        long at = count <= 8 / width ? entry + 12 : in.u64(entry + 12);
        return new Values(entry, entry + 12, in.u16(entry + 2), at, count, width);
    }

    private static int widthOf(int type) {
        return switch (type) {
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12, 16, 17, 18 -> 8;
            default -> 1;
        };
    }

    Bytes bytes() {
        return in;
    }

    /** Returns why the directory, or values in it, are incomplete. */
    @Nullable
    Fault fault() {
        return fault;
    }

    @Nullable
    Values valuesOf(int tag) {
        return entries.get(tag);
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** Returns the number of values of the tag. */
    long count(int tag) {
        Values values = entries.get(tag);
        return values == null ? 0 : values.count();
    }

    /** Returns the tag's value at this index, as an integer; {@code otherwise} if there is none. */
    long value(int tag, long i, long otherwise) {
        Values values = entries.get(tag);
        if (values == null || i < 0 || i >= values.count()) {
            return otherwise;
        }
        long at = values.at() + i * values.width();
        if (!in.has(at, values.width())) {
            return otherwise;
        }
        return switch (values.width()) {
            case 2 -> in.u16(at);
            case 4 -> in.u32(at);
            case 8 -> in.u64(at);
            default -> in.u8(at);
        };
    }

    /** Returns the tag's first value. */
    long value(int tag, long otherwise) {
        return value(tag, 0, otherwise);
    }

    Fault cutOff(String where) {
        return Structure.truncated("Ends after " + in.length() + " bytes, " + where);
    }
}
