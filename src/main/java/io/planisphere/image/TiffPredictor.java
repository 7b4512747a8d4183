package io.planisphere.image;

import java.nio.ByteOrder;

/** Undoes the predictor that a TIFF applies to a row before compression (TIFF 6.0, section 14, and technical note 3). */
final class TiffPredictor {
    static final int NONE = 1;
    static final int HORIZONTAL = 2;
    static final int FLOATING_POINT = 3;

    private final int kind;
    private final int bytes;
    private final int samples;
    private final boolean isBigEndian;

    private TiffPredictor(int kind, int bytes, int samples, boolean isBigEndian) {
        this.kind = kind;
        this.bytes = bytes;
        this.samples = samples;
        this.isBigEndian = isBigEndian;
    }

    static TiffPredictor of(TiffDirectory directory, TiffLayout layout) {
        return new TiffPredictor(
                (int) kind(directory),
                layout.bits() / 8,
                layout.samples() / layout.planes(),
                directory.bytes().order() == ByteOrder.BIG_ENDIAN);
    }

    /** Returns the predictor; the tag applies only to LZW and deflate. */
    static long kind(TiffDirectory directory) {
        return switch ((int) TiffForm.compression(directory)) {
            case TiffForm.LZW, TiffForm.DEFLATE, TiffForm.OLD_DEFLATE -> directory.value(TiffDirectory.PREDICTOR, NONE);
            default -> NONE;
        };
    }

    /** Restores a row of one plane. */
    void undo(byte[] row) {
        if (kind == HORIZONTAL) {
            addLeft(row);
        } else if (kind == FLOATING_POINT) {
            for (int i = samples; i < row.length; i++) {
                row[i] += row[i - samples];
            }
            interleave(row);
        }
    }

    /** Adds the previous pixel's sample to each sample. */
    private void addLeft(byte[] row) {
        int pixel = samples * bytes;
        for (int at = pixel; at + bytes <= row.length; at += bytes) {
            int carry = 0;
            for (int i = 0; i < bytes; i++) {
                int place = at + (isBigEndian ? bytes - 1 - i : i);
                int sum = (row[place] & 0xFF) + (row[place - pixel] & 0xFF) + carry;
                row[place] = (byte) sum;
                carry = sum >> 8;
            }
        }
    }

    /** Interleaves bytes that are stored with the highest bytes of all samples first, then the next ones. */
    private void interleave(byte[] row) {
        byte[] planes = row.clone();
        int count = row.length / bytes;
        for (int i = 0; i < count; i++) {
            for (int b = 0; b < bytes; b++) {
                row[i * bytes + (isBigEndian ? b : bytes - 1 - b)] = planes[b * count + i];
            }
        }
    }
}
