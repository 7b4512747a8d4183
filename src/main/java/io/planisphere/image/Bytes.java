package io.planisphere.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads unsigned numbers in a prefix of a byte array, in one byte order. Offsets are longs, as stored in files; call {@link #has}
 * first.
 */
@SuppressWarnings("ArrayRecordComponent") // a view of a photo's bytes that is never compared
record Bytes(byte[] array, int length, ByteOrder order) {
    private static final VarHandle SHORT_BE = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT_LE =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BEYOND = 1L << 62;
    // 1 and 128 in each of eight bytes
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

    static Bytes bigEndian(PhotoBytes photo) {
        return of(photo, ByteOrder.BIG_ENDIAN);
    }

    static Bytes littleEndian(PhotoBytes photo) {
        return of(photo, ByteOrder.LITTLE_ENDIAN);
    }

    static Bytes of(PhotoBytes photo, ByteOrder order) {
        return new Bytes(photo.array(), photo.length(), order);
    }

    /** Returns the same bytes in another byte order. */
    Bytes in(ByteOrder other) {
        return new Bytes(array, length, other);
    }

    boolean has(long at, long count) {
        return at >= 0 && count >= 0 && count <= length && at <= length - count;
    }

    int u8(long at) {
        return array[(int) at] & 0xFF;
    }

    int u16(long at) {
        VarHandle view = order == ByteOrder.BIG_ENDIAN ? SHORT_BE : SHORT_LE;
        return (short) view.get(array, (int) at) & 0xFFFF;
    }

    int i32(long at) {
        VarHandle view = order == ByteOrder.BIG_ENDIAN ? INT_BE : INT_LE;
        return (int) view.get(array, (int) at);
    }

    long u32(long at) {
        return i32(at) & 0xFFFF_FFFFL;
    }

    /** Returns an offset or number of eight bytes; values above 2^62, which exceed any photo, are returned as 2^62. */
    long u64(long at) {
        boolean big = order == ByteOrder.BIG_ENDIAN;
        long high = u32(big ? at : at + 4);
        return high < 1 << 30 ? high << 32 | u32(big ? at + 4 : at) : BEYOND;
    }

    /**
     * Returns the index of the next occurrence of this byte before {@code end}, or {@code end}. Checks eight bytes at once: in a
     * word whose bytes are zero where they match, subtracting 1 from each sets the top bit of the lowest zero byte (Warren,
     * Hacker's Delight, 6-1).
     */
    int next(int value, int from, int end) {
        long eight = ONES * value;
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long word = (long) LONG_LE.get(array, i) ^ eight;
            long found = (word - ONES) & ~word & TOPS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < end && array[i] != (byte) value) {
            i++;
        }
        return Math.min(i, end);
    }

    /** Returns whether the ASCII text is at this offset. */
    boolean hasText(long at, String text) {
        if (!has(at, text.length())) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (array[(int) at + i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns text for a one-line message, with question marks in place of non-printable or non-ASCII characters. */
    String printable(long at, int count) {
        return text(at, count).replaceAll("[^ -~]", "?");
    }

    String text(long at, int count) {
        return new String(array, (int) at, count, StandardCharsets.ISO_8859_1);
    }
}
