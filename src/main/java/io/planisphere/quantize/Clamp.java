package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clamps values to {@code low} and {@code high}, which are infinite for no bound. */
record Clamp(double low, double high) {

    /** Returns the clamp of a Relu, Clip, Min or Max with constant bounds. */
    static Optional<Clamp> of(Network network, NodeProto node) {
        return switch (node.getOpType()) {
            case "Relu" -> Optional.of(new Clamp(0, Double.POSITIVE_INFINITY));
            case "Clip" -> {
                Optional<Double> low = bound(network, node, 1, Double.NEGATIVE_INFINITY);
                Optional<Double> high = bound(network, node, 2, Double.POSITIVE_INFINITY);
                yield low.isPresent() && high.isPresent()
                        ? Optional.of(new Clamp(low.get(), high.get()))
                        : Optional.empty();
            }
            case "Min", "Max" -> {
                Optional<Double> bound = node.getInputCount() == 2
                        ? scalar(network, node.getInput(0)).or(() -> scalar(network, node.getInput(1)))
                        : Optional.empty();
                yield bound.map(value -> node.getOpType().equals("Min")
                        ? new Clamp(Double.NEGATIVE_INFINITY, value)
                        : new Clamp(value, Double.POSITIVE_INFINITY));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Double> bound(Network network, NodeProto node, int input, double otherwise) {
        if (node.getInputCount() <= input || node.getInput(input).isEmpty()) {
            return Optional.of(otherwise);
        }
        return scalar(network, node.getInput(input))
                .map(value -> Math.abs(value) >= Float.MAX_VALUE ? otherwise : value);
    }

    private static Optional<Double> scalar(Network network, String name) {
        return network.floats(name).filter(floats -> floats.size() == 1).map(floats -> (double) floats.values()[0]);
    }

    /** Returns the input that is clamped. */
    static String dataInput(Network network, NodeProto node) {
        return network.isWeight(node.getInput(0)) && node.getInputCount() > 1 ? node.getInput(1) : node.getInput(0);
    }

    Clamp then(Clamp next) {
        return new Clamp(next.clamped(low), next.clamped(high));
    }

    private double clamped(double value) {
        return Math.min(Math.max(value, low), high);
    }

    NodeProto toNode(Network network, String input, String output) {
        if (low == 0 && high == Double.POSITIVE_INFINITY) {
            return Nodes.node("Relu", List.of(input), output);
        }
        List<String> inputs = new ArrayList<>(List.of(input));
        inputs.add(
                Double.isInfinite(low)
                        ? ""
                        : network.add(output + "_min", FloatWeights.scalar(low).toTensor()));
        if (!Double.isInfinite(high)) {
            inputs.add(network.add(output + "_max", FloatWeights.scalar(high).toTensor()));
        }
        return Nodes.node("Clip", inputs, output);
    }
}
