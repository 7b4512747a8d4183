package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cross-layer equalisation: scales every channel of a value to fill the value's range, where only layers with weights read it.
 * The producing layer is multiplied per channel and the consuming layer divided, to which a ReLU between them is invariant (Nagel
 * et al., ICCV 2019, section 4.1). Depthwise layers can be divided at no cost, because they have a scale per channel; others are
 * divided only by the square root, or their own weights would become too uneven.
 *
 * <p>A ReLU6 clamps at 6 before and at 6 divided by the factor afterwards; no value over the calibration photos was larger.
 */
final class Equalisation {
    /** Limit of factors: a channel with few active values may be larger in another photo. */
    private static final double LARGEST_FACTOR = 16;

    private final Network network;
    private final QuantizationPlan plan;
    private final Map<String, double[]> factors = new HashMap<>();

    Equalisation(Network network, QuantizationPlan plan) {
        this.network = network;
        this.plan = plan;
    }

    /** Returns the factor of each channel of a value. */
    double[] factors(String value, int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return factors.getOrDefault(value, ones);
    }

    /**
     * Equalises one value, if possible.
     *
     * @param highs the largest value of each channel
     * @param top upper end of its range
     */
    void equalise(String value, float[] highs, double top) {
        List<NodeProto> users = network.users(value);
        List<NodeProto> layers = plan.layers();
        NodeProto maker = plan.clamp(value)
                .filter(clamp ->
                        Clamp.of(network, clamp).filter(c -> c.low() == 0).isPresent())
                .flatMap(clamp -> network.maker(Clamp.dataInput(network, clamp)))
                .orElse(null);
        boolean betweenLayers = maker != null
                && layers.contains(maker)
                && owns(maker)
                && !network.isOutput(value)
                && users.stream().allMatch(user -> layers.contains(user) && owns(user) && isConvolution(user));
        if (maker == null || !betweenLayers || highs.length != Layers.outputs(network, maker)) {
            return;
        }
        double power = users.stream().allMatch(this::isDepthwise) ? 1 : 0.5;
        double[] factor = new double[highs.length];
        for (int c = 0; c < factor.length; c++) {
            double high = Math.max(highs[c], top / LARGEST_FACTOR);
            factor[c] = Math.max(1, Math.pow(top / high, power));
        }
        multiply(maker, factor);
        users.forEach(user -> divide(user, factor));
        factors.put(value, factor);
    }

    private static boolean isConvolution(NodeProto node) {
        return node.getOpType().equals("Conv");
    }

    private boolean isDepthwise(NodeProto node) {
        return Network.integer(node, "group", 1) == Layers.inputs(network, node);
    }

    /** Returns whether no other node uses the layer's weights. */
    private boolean owns(NodeProto layer) {
        return layer.getInputList().stream()
                .skip(1)
                .allMatch(weights -> network.users(weights).size() == 1);
    }

    private void multiply(NodeProto maker, double[] factor) {
        FloatWeights weights = network.floats(maker.getInput(1)).orElseThrow();
        LayerShape shape = LayerShape.of(maker, weights);
        for (int i = 0; i < weights.size(); i++) {
            weights.values()[i] *= (float) factor[shape.output(i)];
        }
        network.set(maker.getInput(1), weights);
        if (maker.getInputCount() > 2 && !maker.getInput(2).isEmpty()) {
            double[] bias = Layers.bias(network, maker);
            for (int c = 0; c < bias.length; c++) {
                bias[c] *= factor[c];
            }
            network.set(maker.getInput(2), FloatWeights.vector(bias));
        }
    }

    private void divide(NodeProto user, double[] factor) {
        FloatWeights weights = network.floats(user.getInput(1)).orElseThrow();
        LayerShape shape = LayerShape.of(user, weights);
        for (int i = 0; i < weights.size(); i++) {
            weights.values()[i] /= (float) factor[shape.input(i)];
        }
        network.set(user.getInput(1), weights);
    }
}
