package io.planisphere.cost;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Infers the outputs of operators. */
final class ShapeRules {
    /** Element-wise operators, whose output has the input's shape and can reuse its memory. */
    static final Set<String> IN_PLACE = Set.of(
            "Abs",
            "BatchNormalization",
            "Ceil",
            "Celu",
            "Clip",
            "Cos",
            "Dropout",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "Hardmax",
            "Identity",
            "InstanceNormalization",
            "LRN",
            "LayerNormalization",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "LpNormalization",
            "Mish",
            "Neg",
            "Not",
            "PRelu",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Shrink",
            "Sigmoid",
            "Sign",
            "Sin",
            "Softmax",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Tanh",
            "ThresholdedRelu");

    /** Operators that change the axes over the same elements, in the same memory. */
    static final Set<String> SAME_ELEMENTS = Set.of("Flatten", "Reshape", "Squeeze", "Unsqueeze");

    /** Element-wise operators with several inputs. */
    static final Set<String> BROADCAST =
            Set.of("Add", "And", "Div", "Max", "Mean", "Min", "Mod", "Mul", "Or", "Pow", "Sub", "Sum", "Where", "Xor");

    private static final Set<String> COMPARISONS = Set.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");

    /** Conversions between element types. */
    static final Set<String> CONVERSIONS = Set.of("Cast", "DequantizeLinear", "QuantizeLinear");

    private ShapeRules() {}

    /**
     * Returns one value per output, as far as known.
     *
     * @throws UnknownShape if they cannot be inferred
     */
    static List<Value> outputs(Call call) {
        String operator = call.operator();
        if (!isStandard(call)) {
            throw new UnknownShape("it is of the operator set " + call.node().getDomain());
        }
        if (IN_PLACE.contains(operator)) {
            return List.of(call.input(0));
        }
        if (CONVERSIONS.contains(operator)) {
            return List.of(converted(call));
        }
        if (BROADCAST.contains(operator)) {
            return List.of(Broadcast.of(call));
        }
        if (COMPARISONS.contains(operator)) {
            return List.of(Value.of(Broadcast.of(call).shape(), 1));
        }
        return operator.startsWith("Reduce") ? List.of(Rearranged.reduced(call)) : other(call);
    }

    static boolean isStandard(Call call) {
        String domain = call.node().getDomain();
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private static List<Value> other(Call call) {
        return switch (call.operator()) {
            case "Flatten" -> List.of(Rearranged.flatten(call));
            case "Reshape" -> List.of(Rearranged.reshape(call));
            case "Squeeze" -> List.of(Rearranged.squeeze(call));
            case "Unsqueeze" -> List.of(Rearranged.unsqueeze(call));
            case "Transpose" -> List.of(Rearranged.transpose(call));
            case "Concat" -> List.of(Rearranged.concat(call));
            case "Gather" -> List.of(Rearranged.gather(call));
            case "Slice" -> List.of(Rearranged.slice(call));
            case "Split" -> Rearranged.split(call);
            case "Pad" -> List.of(Rearranged.pad(call));
            case "Resize", "Upsample" -> List.of(Rearranged.resize(call));
            case "Shape" -> List.of(Rearranged.shapeOf(call.input(0)));
            case "Constant" -> List.of(constant(call));
            case "ConstantOfShape" -> List.of(filled(call));
            case "Expand" ->
                List.of(Value.of(
                        Broadcast.common(call.input(0).shape(), call.numbers(1)),
                        call.input(0).bytesPerElement()));
            case "ArgMax", "ArgMin" -> List.of(best(call));
            case "DepthToSpace" -> List.of(spread(call));
            case "AveragePool", "MaxPool", "LpPool" -> List.of(like(call.input(0), WindowShapes.pool(call)));
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" ->
                List.of(like(call.input(0), WindowShapes.globalPool(call.input(0))));
            default -> throw new UnknownShape("there is no rule for it here");
        };
    }

    private static Value like(Value value, List<Long> shape) {
        return Value.of(shape, value.bytesPerElement());
    }

    private static Value converted(Call call) {
        Value value = call.input(0);
        int bytes = switch (call.operator()) {
            case "QuantizeLinear" -> 1;
            case "DequantizeLinear" -> Float.BYTES;
            default -> ConstantTensors.bytesPerElement((int) call.integer("to", TensorProto.DataType.FLOAT_VALUE));
        };
        return new Value(value.shape(), bytes, value.content());
    }

    private static Value constant(Call call) {
        Optional<TensorProto> tensor = call.attribute("value").map(value -> value.getT());
        if (tensor.isPresent()) {
            return ConstantTensors.value(tensor.get());
        }
        if (call.attribute("value_int").isPresent()) {
            return Value.of(List.of(), Long.BYTES, List.of((double) call.integer("value_int", 0)));
        }
        if (call.attribute("value_ints").isPresent()) {
            List<Long> numbers = call.integers("value_ints");
            return Value.of(
                    List.of((long) numbers.size()),
                    Long.BYTES,
                    numbers.stream().map(Long::doubleValue).toList());
        }
        if (call.attribute("value_float").isPresent()) {
            return Value.of(List.of(), Float.BYTES);
        }
        throw new UnknownShape("its value is of a kind that is not read here");
    }

    private static Value filled(Call call) {
        List<Long> shape = call.numbers(0);
        int type = call.attribute("value")
                .map(value -> value.getT().getDataType())
                .orElse(TensorProto.DataType.FLOAT_VALUE);
        return Value.of(shape, ConstantTensors.bytesPerElement(type));
    }

    private static Value best(Call call) {
        Value value = call.input(0);
        int axis = Call.axis(call.integer("axis", 0), value.rank());
        List<Long> shape = new ArrayList<>(value.shape());
        shape.set(axis, 1L);
        if (call.integer("keepdims", 1) == 0) {
            shape.remove(axis);
        }
        return Value.of(shape, Long.BYTES);
    }

    private static Value spread(Call call) {
        Value value = call.input(0);
        long side = call.integer("blocksize", 1);
        List<Long> shape = new ArrayList<>(List.of(value.axis(0), value.axis(1) / (side * side)));
        Collections.addAll(shape, value.axis(2) * side, value.axis(3) * side);
        return like(value, shape);
    }
}
