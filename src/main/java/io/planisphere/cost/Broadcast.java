package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Shapes and values of element-wise operators with broadcasting. */
final class Broadcast {
    private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div");

    private Broadcast() {}

    static Value of(Call call) {
        Value first = call.input(0);
        List<Long> shape = first.shape();
        for (int i = 1; i < call.inputs(); i++) {
            shape = common(shape, call.input(i).shape());
        }
        // Where selects between its second and third input
        int bytes = call.operator().equals("Where") ? call.input(1).bytesPerElement() : first.bytesPerElement();
        if (ARITHMETIC.contains(call.operator()) && call.inputs() == 2) {
            Value second = call.input(1);
            if (first.content().isPresent() && second.content().isPresent()) {
                return folded(
                        call.operator(), first.content().get(), second.content().get(), shape, bytes);
            }
        }
        return Value.of(shape, bytes);
    }

    /** Returns the common shape, aligned at the last axis; a length of 1 is broadcast. */
    static List<Long> common(List<Long> left, List<Long> right) {
        List<Long> shape = new ArrayList<>();
        for (int i = 1; i <= Math.max(left.size(), right.size()); i++) {
            long a = i <= left.size() ? left.get(left.size() - i) : 1;
            long b = i <= right.size() ? right.get(right.size() - i) : 1;
            if (a != b && a != 1 && b != 1) {
                throw new UnknownShape("its inputs " + left + " and " + right + " have no common shape");
            }
            shape.add(a == 1 ? b : a);
        }
        Collections.reverse(shape);
        return shape;
    }

    /** Computes arithmetic on shapes. */
    private static Value folded(String operator, List<Double> left, List<Double> right, List<Long> shape, int bytes) {
        int size = Math.max(left.size(), right.size());
        if (Math.min(left.size(), right.size()) == 0) {
            return Value.of(shape, bytes);
        }
        List<Double> result = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double a = left.get(i % left.size());
            double b = right.get(i % right.size());
            result.add(applied(operator, a, b, bytes));
        }
        return Value.of(shape, bytes, result);
    }

    /** Applies the operator; 8-byte values are integers with integer division, 4-byte values are scales. */
    private static double applied(String operator, double a, double b, int bytes) {
        return switch (operator) {
            case "Add" -> a + b;
            case "Sub" -> a - b;
            case "Mul" -> a * b;
            default -> bytes == Long.BYTES ? Math.floor(a / b) : a / b;
        };
    }
}
