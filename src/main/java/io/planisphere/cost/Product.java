package io.planisphere.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The multiply-adds of an operator: a convolution or a matrix product.
 *
 * @param output shape and element width of its output
 * @param kind kind as in {@link LayerCost#kind}
 * @param weights indices of inputs with a kernel or a matrix, if they are constants
 */
record Product(Value output, String kind, long multiplyAdds, Set<Integer> weights) {

    /**
     * Returns the product of an operator; empty for other operators.
     *
     * @throws UnknownShape if its inputs are unknown
     */
    static Optional<Product> of(Call call) {
        String operator = call.operator();
        return switch (operator) {
            case "Conv", "FusedConv" -> Optional.of(convolution(call, 1, Float.BYTES));
            case "ConvInteger" -> Optional.of(convolution(call, 1, Integer.BYTES));
            case "QLinearConv" -> Optional.of(convolution(call, 3, Byte.BYTES));
            case "ConvTranspose" -> Optional.of(transposed(call));
            case "Gemm", "FusedGemm" -> Optional.of(gemm(call, 1, Float.BYTES));
            case "QGemm" -> Optional.of(gemm(call, 3, Byte.BYTES));
            case "MatMul", "FusedMatMul" -> Optional.of(matrices(call, 1, Float.BYTES));
            case "MatMulInteger" -> Optional.of(matrices(call, 1, Integer.BYTES));
            case "QLinearMatMul" -> Optional.of(matrices(call, 3, Byte.BYTES));
            default -> Optional.empty();
        };
    }

    private static Product convolution(Call call, int weightsAt, int bytes) {
        Value image = call.input(0);
        Value weights = call.input(weightsAt);
        List<Long> shape = WindowShapes.convolution(call, image, weights);
        long perOutput = Rearranged.product(weights.shape().subList(1, weights.rank()));
        return new Product(
                Value.of(shape, bytes),
                kind("", call, image, weights, weights.axis(0)),
                Math.multiplyExact(Rearranged.product(shape), perOutput),
                Set.of(weightsAt));
    }

    private static Product transposed(Call call) {
        Value image = call.input(0);
        Value weights = call.input(1);
        long perInput = Rearranged.product(weights.shape().subList(1, weights.rank()));
        return new Product(
                Value.of(WindowShapes.transposed(call, image, weights), Float.BYTES),
                kind("transposed ", call, image, weights, weights.axis(1)),
                Math.multiplyExact(image.elements(), perInput),
                Set.of(1));
    }

    private static String kind(String prefix, Call call, Value image, Value weights, long outputs) {
        if (weights.rank() != 4) {
            return prefix + "convolution over " + (weights.rank() - 2) + " axes";
        }
        boolean onOnePixel = image.axis(2) == 1 && image.axis(3) == 1 && outputs > 0;
        return prefix
                + LayerCost.kindOfConvolution(
                        weights.axis(2), weights.axis(3), image.axis(1), call.integer("group", 1), onOnePixel);
    }

    private static Product gemm(Call call, int rightAt, int bytes) {
        Value left = call.input(0);
        Value right = call.input(rightAt);
        boolean leftTurned = call.integer("transA", 0) == 1;
        boolean rightTurned = call.integer("transB", 0) == 1;
        long rows = left.axis(leftTurned ? 1 : 0);
        long inner = left.axis(leftTurned ? 0 : 1);
        long columns = right.axis(rightTurned ? 0 : 1);
        return new Product(
                Value.of(List.of(rows, columns), bytes),
                LayerCost.FULLY_CONNECTED,
                Math.multiplyExact(Math.multiplyExact(rows, inner), columns),
                Set.of(rightAt));
    }

    /**
     * Returns the product of matrices in the last two axes, one for each index of the other axes; a vector is a matrix with one
     * row.
     */
    private static Product matrices(Call call, int rightAt, int bytes) {
        Value left = call.input(0);
        Value right = call.input(rightAt);
        List<Long> leftShape = left.rank() == 1 ? List.of(1L, left.axis(0)) : left.shape();
        List<Long> rightShape = right.rank() == 1 ? List.of(right.axis(0), 1L) : right.shape();
        List<Long> shape = new ArrayList<>(Broadcast.common(
                leftShape.subList(0, leftShape.size() - 2), rightShape.subList(0, rightShape.size() - 2)));
        if (left.rank() > 1) {
            shape.add(leftShape.get(leftShape.size() - 2));
        }
        if (right.rank() > 1) {
            shape.add(rightShape.get(rightShape.size() - 1));
        }
        long inner = leftShape.get(leftShape.size() - 1);
        return new Product(
                Value.of(shape, bytes),
                LayerCost.MATRIX_PRODUCT,
                Math.multiplyExact(Rearranged.product(shape), inner),
                Set.of(0, rightAt));
    }
}
