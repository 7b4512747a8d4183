package io.planisphere.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** IEEE 754 half precision (binary16), two bytes little-endian each: half the storage of floats, three decimal digits. */
public final class HalfFloat {
    private static final float LARGEST = 65504;
    // 2^-14, below which halves are subnormal with a step of 2^-24
    private static final float SMALLEST_NORMAL = 0x1p-14f;
    private static final float SUBNORMAL_STEP = 0x1p-24f;

    private HalfFloat() {}

    /** Returns the values rounded to the nearest half, ties to even; values beyond 65504 to infinity, as in IEEE 754. */
    public static byte[] encode(float[] values) {
        ByteBuffer halves = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            halves.putShort(encode(value));
        }
        return halves.array();
    }

    /** Returns the exact values as floats. */
    public static float[] decode(byte[] halves) {
        ByteBuffer buffer = ByteBuffer.wrap(halves).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[halves.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = decode(buffer.getShort());
        }
        return values;
    }

    private static short encode(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= LARGEST + 16) { // half a step of 32 above the largest value
            return (short) (sign | 0x7c00);
        }
        if (magnitude < SMALLEST_NORMAL) {
            return (short) (sign | (int) Math.rint(magnitude / SUBNORMAL_STEP));
        }
        int bits = Float.floatToRawIntBits(magnitude);
        int rounded = bits + 0xfff + ((bits >>> 13) & 1); // rounds off 13 bits of the mantissa
        return (short) (sign | ((rounded >>> 13) - (112 << 10))); // exponent bias 127 becomes 15
    }

    private static float decode(short half) {
        int exponent = (half >>> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = mantissa * SUBNORMAL_STEP;
        } else if (exponent == 0x1f) {
            magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat(((exponent + 112) << 23) | (mantissa << 13));
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
