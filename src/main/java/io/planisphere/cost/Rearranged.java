package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Shapes, and contents where known, of operators that move elements or read shapes. */
final class Rearranged {
    private Rearranged() {}

    static Value shapeOf(Value value) {
        List<Double> axes = value.shape().stream().map(Long::doubleValue).toList();
        return Value.of(List.of((long) axes.size()), Long.BYTES, axes);
    }

    static Value flatten(Call call) {
        Value value = call.input(0);
        int axis = Call.axis(call.integer("axis", 1), value.rank());
        long front = product(value.shape().subList(0, axis));
        return value.shaped(List.of(front, value.elements() / Math.max(1, front)));
    }

    static Value reshape(Call call) {
        Value value = call.input(0);
        List<Long> shape = new ArrayList<>(call.integers("shape", 1));
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i) == 0 && call.integer("allowzero", 0) == 0) {
                shape.set(i, value.axis(i));
            }
        }
        int open = shape.indexOf(-1L);
        if (open >= 0) {
            shape.set(open, 1L);
            shape.set(open, value.elements() / Math.max(1, product(shape)));
        }
        return value.shaped(shape);
    }

    static Value transpose(Call call) {
        Value value = call.input(0);
        List<Long> order = call.integers("perm");
        List<Long> shape = new ArrayList<>(value.shape());
        Collections.reverse(shape);
        return Value.of(
                order.isEmpty()
                        ? shape
                        : order.stream()
                                .map(axis -> value.axis(axis.intValue()))
                                .toList(),
                value.bytesPerElement());
    }

    static Value squeeze(Call call) {
        Value value = call.input(0);
        List<Integer> axes = axes(call.integers("axes", 1), value.rank());
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < value.rank(); i++) {
            boolean goes = axes.isEmpty() ? value.axis(i) == 1 : axes.contains(i);
            if (!goes) {
                shape.add(value.axis(i));
            }
        }
        return value.shaped(shape);
    }

    static Value unsqueeze(Call call) {
        Value value = call.input(0);
        List<Long> given = call.integers("axes", 1);
        List<Long> shape = new ArrayList<>(value.shape());
        axes(given, value.rank() + given.size()).stream()
                .sorted(Comparator.naturalOrder())
                .forEach(axis -> shape.add(axis, 1L));
        return value.shaped(shape);
    }

    static Value concat(Call call) {
        Value first = call.input(0);
        int axis = Call.axis(call.integer("axis", 0), first.rank());
        List<Long> shape = new ArrayList<>(first.shape());
        List<Double> content = new ArrayList<>();
        boolean known = true;
        long length = 0;
        for (int i = 0; i < call.inputs(); i++) {
            Value part = call.input(i);
            length += part.axis(axis);
            known &= part.content().isPresent();
            content.addAll(part.content().orElse(List.of()));
        }
        shape.set(axis, length);
        boolean isList = known && first.rank() == 1 && content.size() <= Value.MOST_CONTENT;
        return isList ? Value.of(shape, first.bytesPerElement(), content) : Value.of(shape, first.bytesPerElement());
    }

    static Value gather(Call call) {
        Value value = call.input(0);
        Value indices = call.input(1);
        int axis = Call.axis(call.integer("axis", 0), value.rank());
        List<Long> shape = new ArrayList<>(value.shape().subList(0, axis));
        shape.addAll(indices.shape());
        shape.addAll(value.shape().subList(axis + 1, value.rank()));
        if (value.content().isEmpty() || indices.content().isEmpty() || value.rank() != 1) {
            return Value.of(shape, value.bytesPerElement());
        }
        List<Double> all = value.content().get();
        return Value.of(
                shape,
                value.bytesPerElement(),
                indices.content().get().stream()
                        .map(index -> all.get(Call.axis(index.longValue(), all.size())))
                        .toList());
    }

    static Value slice(Call call) {
        Value value = call.input(0);
        List<Long> starts = call.integers("starts", 1);
        List<Long> ends = call.integers("ends", 2);
        List<Long> given = call.integers("axes", 3);
        List<Long> steps = call.has(4) ? call.numbers(4) : List.of();
        List<Long> shape = new ArrayList<>(value.shape());
        List<Double> content = value.rank() == 1 ? value.content().orElse(List.of()) : List.of();
        for (int i = 0; i < starts.size(); i++) {
            int axis = given.isEmpty() ? i : Call.axis(given.get(i), value.rank());
            List<Integer> kept = kept(shape.get(axis), starts.get(i), ends.get(i), steps.isEmpty() ? 1 : steps.get(i));
            shape.set(axis, (long) kept.size());
            List<Double> before = content;
            content = before.isEmpty() ? before : kept.stream().map(before::get).toList();
        }
        return content.isEmpty()
                ? Value.of(shape, value.bytesPerElement())
                : Value.of(shape, value.bytesPerElement(), content);
    }

    private static List<Integer> kept(long length, long start, long end, long step) {
        if (step == 0 || length > Integer.MAX_VALUE) {
            throw new UnknownShape("it cuts " + length + " elements by steps of " + step);
        }
        boolean forward = step > 0;
        long from =
                Math.max(forward ? 0 : -1, Math.min(forward ? length : length - 1, start < 0 ? start + length : start));
        long to = Math.max(forward ? 0 : -1, Math.min(length, end < 0 ? Math.max(end + length, -1) : end));
        List<Integer> kept = new ArrayList<>();
        for (long i = from; forward ? i < to : i > to; i += step) {
            kept.add((int) i);
        }
        return kept;
    }

    static List<Value> split(Call call) {
        Value value = call.input(0);
        int axis = Call.axis(call.integer("axis", 0), value.rank());
        List<Long> parts = call.integers("split", 1);
        int outputs = call.node().getOutputCount();
        long part = (value.axis(axis) + outputs - 1) / outputs;
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            List<Long> shape = new ArrayList<>(value.shape());
            long last = Math.min(part, value.axis(axis) - i * part);
            shape.set(axis, parts.isEmpty() ? last : parts.get(i));
            values.add(Value.of(shape, value.bytesPerElement()));
        }
        return values;
    }

    static Value pad(Call call) {
        Value value = call.input(0);
        List<Long> pads = call.integers("pads", 1);
        if (call.has(3)) {
            throw new UnknownShape("it pads some axes only");
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < value.rank(); i++) {
            shape.add(value.axis(i) + pads.get(i) + pads.get(i + value.rank()));
        }
        return Value.of(shape, value.bytesPerElement());
    }

    /** Returns the output of Resize or Upsample: by sizes, or by a factor per axis. */
    static Value resize(Call call) {
        Value value = call.input(0);
        if (call.has(3)) {
            return Value.of(call.numbers(3), value.bytesPerElement());
        }
        List<Double> factors = call.has(2) ? call.content(2) : call.content(1);
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < value.rank(); i++) {
            shape.add((long) Math.floor(value.axis(i) * factors.get(i)));
        }
        return Value.of(shape, value.bytesPerElement());
    }

    /** Returns the output of a reduction, with its axes removed or of length 1. */
    static Value reduced(Call call) {
        Value value = call.input(0);
        List<Integer> axes = axes(call.integers("axes", 1), value.rank());
        boolean stays = call.integer("keepdims", 1) == 1;
        if (axes.isEmpty() && call.integer("noop_with_empty_axes", 0) == 1) {
            return value;
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < value.rank(); i++) {
            if (!axes.isEmpty() && !axes.contains(i)) {
                shape.add(value.axis(i));
            } else if (stays) {
                shape.add(1L);
            }
        }
        return Value.of(shape, value.bytesPerElement());
    }

    private static List<Integer> axes(List<Long> given, int rank) {
        return given.stream().map(axis -> Call.axis(axis, rank)).toList();
    }

    static long product(List<Long> axes) {
        return axes.stream().reduce(1L, Math::multiplyExact);
    }
}
