package io.planisphere.cost;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operator with the known properties of its inputs.
 *
 * @param values values of the graph so far, by name
 * @param opset version of the default operator set
 */
record Call(NodeProto node, Map<String, Value> values, long opset) {
    String operator() {
        return node.getOpType();
    }

    /** Returns a name for messages. */
    String described() {
        return node.getName().isEmpty() ? operator() + " to " + node.getOutput(0) : operator() + " " + node.getName();
    }

    boolean has(int input) {
        return input < node.getInputCount() && !node.getInput(input).isEmpty();
    }

    int inputs() {
        return node.getInputCount();
    }

    /** @throws UnknownShape if it does not exist, or is unknown */
    Value input(int index) {
        if (!has(index)) {
            throw new UnknownShape("it has no input " + index);
        }
        Value value = values.get(node.getInput(index));
        if (value == null) {
            throw new UnknownShape("the shape of its input " + node.getInput(index) + " is not known");
        }
        return value;
    }

    /** Returns the values of an input on which shapes depend. */
    List<Long> numbers(int index) {
        return content(index).stream().map(Double::longValue).toList();
    }

    List<Double> content(int index) {
        return input(index)
                .content()
                .orElseThrow(() -> new UnknownShape(
                        "what its input " + node.getInput(index) + " holds is known at run time only"));
    }

    Optional<AttributeProto> attribute(String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    long integer(String name, long otherwise) {
        return attribute(name).map(AttributeProto::getI).orElse(otherwise);
    }

    String text(String name, String otherwise) {
        return attribute(name).map(value -> value.getS().toStringUtf8()).orElse(otherwise);
    }

    /** Returns an attribute; empty if it is absent. */
    List<Long> integers(String name) {
        return attribute(name).map(AttributeProto::getIntsList).orElse(List.of());
    }

    /** Returns numbers that are an attribute in older operator sets and an input in newer ones; empty if both are absent. */
    List<Long> integers(String name, int input) {
        return attribute(name).isPresent() || !has(input) ? integers(name) : numbers(input);
    }

    /** Returns the non-negative index of an axis. */
    static int axis(long axis, int rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted > rank) {
            throw new UnknownShape("axis " + axis + " is none of " + rank);
        }
        return (int) counted;
    }
}
