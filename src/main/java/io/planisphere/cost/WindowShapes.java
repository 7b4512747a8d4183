package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Infers shapes of sliding-window operators: convolutions and pools. */
final class WindowShapes {
    private WindowShapes() {}

    /** Returns the shape of a convolution's output; {@code weights [outputs, inputs / groups, axes…]}. */
    static List<Long> convolution(Call call, Value image, Value weights) {
        return slid(call, image, weights.axis(0), weights.shape().subList(2, weights.rank()));
    }

    static List<Long> pool(Call call) {
        Value image = call.input(0);
        return slid(call, image, image.axis(1), call.integers("kernel_shape"));
    }

    /** Returns the shape with one pixel per channel. */
    static List<Long> globalPool(Value image) {
        List<Long> shape = new ArrayList<>(image.shape().subList(0, 2));
        shape.addAll(Collections.nCopies(image.rank() - 2, 1L));
        return shape;
    }

    private static List<Long> slid(Call call, Value image, long channels, List<Long> kernel) {
        List<Long> shape = new ArrayList<>(List.of(image.axis(0), channels));
        for (int i = 0; i < kernel.size(); i++) {
            shape.add(slid(call, i, image.axis(i + 2), kernel.get(i), kernel.size()));
        }
        return shape;
    }

    private static long slid(Call call, int axis, long length, long kernel, int axes) {
        long stride = at(call.integers("strides"), axis, 1);
        long reach = at(call.integers("dilations"), axis, 1) * (kernel - 1) + 1;
        String padding = call.text("auto_pad", "NOTSET");
        if (padding.startsWith("SAME")) {
            return (length + stride - 1) / stride;
        }
        long padded = length
                + (padding.equals("VALID")
                        ? 0
                        : at(call.integers("pads"), axis, 0) + at(call.integers("pads"), axis + axes, 0));
        long rest = padded - reach;
        if (rest < 0) {
            throw new UnknownShape("its window of " + reach + " is larger than its input of " + padded);
        }
        return (call.integer("ceil_mode", 0) == 1 ? (rest + stride - 1) / stride : rest / stride) + 1;
    }

    /** Returns the shape of a transposed convolution's output; {@code weights [inputs, outputs / groups, axes…]}. */
    static List<Long> transposed(Call call, Value image, Value weights) {
        List<Long> shape = new ArrayList<>(List.of(image.axis(0), weights.axis(1) * call.integer("group", 1)));
        int axes = weights.rank() - 2;
        for (int i = 0; i < axes; i++) {
            List<Long> given = call.integers("output_shape");
            shape.add(
                    given.isEmpty() ? transposed(call, i, image.axis(i + 2), weights.axis(i + 2), axes) : given.get(i));
        }
        return shape;
    }

    private static long transposed(Call call, int axis, long length, long kernel, int axes) {
        long stride = at(call.integers("strides"), axis, 1);
        if (call.text("auto_pad", "NOTSET").startsWith("SAME")) {
            return length * stride;
        }
        return stride * (length - 1)
                + at(call.integers("output_padding"), axis, 0)
                + at(call.integers("dilations"), axis, 1) * (kernel - 1)
                + 1
                - at(call.integers("pads"), axis, 0)
                - at(call.integers("pads"), axis + axes, 0);
    }

    private static long at(List<Long> values, int index, long otherwise) {
        return index < values.size() ? values.get(index) : otherwise;
    }
}
