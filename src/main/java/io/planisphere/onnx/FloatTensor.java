package io.planisphere.onnx;

import java.util.Arrays;
import java.util.Locale;

/** A float tensor, last axis fastest: a weight of a graph. The values are copied in and out. */
public final class FloatTensor {
    private final long[] shape;
    private final float[] values;

    private FloatTensor(long[] shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** Returns a tensor of {@code shape}; throws if the number of values does not match it. */
    public static FloatTensor of(float[] values, long... shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (values.length != size) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "A tensor of shape %s holds %d values, got %d",
                    Arrays.toString(shape),
                    size,
                    values.length));
        }
        return new FloatTensor(shape.clone(), values.clone());
    }

    public long[] shape() {
        return shape.clone();
    }

    public float[] values() {
        return values.clone();
    }
}
