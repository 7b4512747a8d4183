package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node that scales and shifts each channel of the output of a layer with weights, and so can be folded into these weights.
 *
 * @param layer the Conv or Gemm before it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Affine(NodeProto layer, double[] scale, double[] shift) {

    /** Returns the operation of an Add, Sub, Mul or Div with constants after a layer whose output no other node reads. */
    static Optional<Affine> of(Network network, NodeProto node) {
        int constant = network.isWeight(node.getInput(0)) ? 0 : 1;
        boolean ordered = node.getOpType().equals("Sub") || node.getOpType().equals("Div");
        if (ordered && constant == 0) {
            return Optional.empty();
        }
        Optional<NodeProto> layer = layer(network, node.getInput(1 - constant));
        if (layer.isEmpty()) {
            return Optional.empty();
        }
        int channels = Layers.outputs(network, layer.get());
        int axesBehind = layer.get().getOpType().equals("Conv") ? 2 : 0;
        return network.floats(node.getInput(constant))
                .flatMap(weights -> weights.perChannel(channels, axesBehind))
                .map(values -> switch (node.getOpType()) {
                    case "Add" -> new Affine(layer.get(), ones(channels), doubles(values, 1));
                    case "Sub" -> new Affine(layer.get(), ones(channels), doubles(values, -1));
                    case "Mul" -> new Affine(layer.get(), doubles(values, 1), new double[channels]);
                    default -> new Affine(layer.get(), inverse(values), new double[channels]);
                });
    }

    static Optional<Affine> ofBatchNorm(Network network, NodeProto node) {
        Optional<NodeProto> layer = layer(network, node.getInput(0));
        List<Optional<FloatWeights>> given =
                node.getInputList().stream().skip(1).map(network::floats).toList();
        if (layer.isEmpty() || given.size() != 4 || given.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        float[] gamma = given.get(0).orElseThrow().values();
        float[] beta = given.get(1).orElseThrow().values();
        float[] mean = given.get(2).orElseThrow().values();
        float[] variance = given.get(3).orElseThrow().values();
        double epsilon = Network.number(node, "epsilon", 1e-5);
        double[] scale = new double[gamma.length];
        double[] shift = new double[gamma.length];
        for (int c = 0; c < gamma.length; c++) {
            scale[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return Optional.of(new Affine(layer.get(), scale, shift));
    }

    private static Optional<NodeProto> layer(Network network, String value) {
        return network.maker(value)
                .filter(maker -> network.onlyUser(value).isPresent())
                .filter(maker -> Layers.hasFixedWeights(network, maker));
    }

    /** Folds the operation into the layer, and removes {@code node}. */
    boolean foldInto(Network network, NodeProto node) {
        FloatWeights weights = network.floats(layer.getInput(1)).orElseThrow();
        double[] bias = Layers.bias(network, layer);
        float[] scaled = weights.values().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= (float) scale[Layers.outputOf(network, layer, weights, i)];
        }
        for (int c = 0; c < bias.length; c++) {
            bias[c] = bias[c] * scale[c] + shift[c];
        }
        List<String> inputs = new ArrayList<>(List.of(layer.getInput(0)));
        inputs.add(network.add(layer.getInput(1) + "_folded", new FloatWeights(weights.shape(), scaled).toTensor()));
        inputs.add(network.add(
                layer.getInput(1) + "_bias", FloatWeights.vector(bias).toTensor()));
        NodeProto folded = layer.toBuilder()
                .clearInput()
                .addAllInput(inputs)
                .clearOutput()
                .addOutput(node.getOutput(0))
                .build();
        network.remove(node);
        network.replace(layer, folded);
        return true;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] doubles(float[] values, int sign) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = sign * (double) values[i];
        }
        return doubles;
    }

    private static double[] inverse(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = 1.0 / values[i];
        }
        return doubles;
    }
}
