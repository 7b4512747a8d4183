package io.planisphere.image;

import static io.planisphere.image.LzwStream.Form.GIF;
import static io.planisphere.image.LzwStream.Form.TIFF;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;

/** Opens the data of a strip or tile of a TIFF, decompressed as it is read. */
final class TiffData {
    private static final int LOW_BITS_FIRST = 2;

    private TiffData() {}

    /**
     * Opens a strip or tile.
     *
     * @param rows number of its rows
     */
    static InputStream of(TiffDirectory directory, TiffLayout layout, long piece, long rows) {
        byte[] photo = directory.bytes().array();
        int start = (int) directory.value(layout.offsetsTag(), piece, 0);
        int rest = directory.bytes().length() - start;
        int count = TiffForm.isUncompressed(directory)
                ? (int) (layout.rowBytes() * rows)
                : (int) directory.value(layout.countsTag(), piece, rest);
        InputStream stored = new ByteArrayInputStream(photo, start, Math.min(count, rest));
        if (directory.value(TiffDirectory.FILL_ORDER, 1) == LOW_BITS_FIRST) {
            stored = new ByteArrayInputStream(turned(photo, start, Math.min(count, rest)));
        }
        return switch ((int) TiffForm.compression(directory)) {
            case TiffForm.LZW -> new LzwStream(stored, isOldLzw(photo, start, count) ? GIF : TIFF, 8);
            case TiffForm.PACK_BITS -> new PackBitsStream(stored);
            case TiffForm.DEFLATE, TiffForm.OLD_DEFLATE -> new InflaterInputStream(stored);
            default -> stored;
        };
    }

    /**
     * Returns whether the LZW codes are those of TIFFs before version 6, which are as in a GIF and also begin with the clear
     * code.
     */
    private static boolean isOldLzw(byte[] photo, int start, int count) {
        return count > 1 && photo[start] == 0 && (photo[start + 1] & 1) == 1;
    }

    private static byte[] turned(byte[] photo, int start, int count) {
        byte[] turned = new byte[count];
        for (int i = 0; i < count; i++) {
            turned[i] = (byte) (Integer.reverse(photo[start + i]) >>> 24);
        }
        return turned;
    }
}
