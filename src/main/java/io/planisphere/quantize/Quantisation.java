package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.planisphere.onnx.OnnxGraphBuilder;
import io.planisphere.quantize.FloatNetwork.Observed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantises a network to 8 bits, layer by layer: each layer is rounded for the outputs of the already quantised layers before it,
 * which are measured over the photos in between. The result is in QDQ format, which ONNX Runtime fuses into integer kernels when
 * it opens the network.
 *
 * <p>{@code while (quantisation.hasNext()) quantisation.accept(measured(quantisation.observing(), quantisation.observed()))}
 */
public final class Quantisation {
    private final Network network;
    private final Steps steps;
    private final PixelInput input;
    // means of each layer's output, in floats
    private final List<double[]> means = new ArrayList<>();
    private final int weightLimit;
    private final List<NodeProto> layers;
    private final Map<String, Stored> stored = new LinkedHashMap<>();
    private int next;

    /** A rounded layer's weights and bias, by their names in the file. */
    private record Stored(NodeProto layer, LayerWeights weights, String weightsName, Optional<String> biasName) {}

    Quantisation(
            Network network,
            QuantizationPlan plan,
            ActivationStatistics statistics,
            Method method,
            InputRule rule,
            int weightLimit) {
        this.network = network;
        this.weightLimit = weightLimit;
        layers = plan.layers();
        input = new PixelInput(network, rule, layers);
        steps = new Steps(network, plan, statistics, method, input);
        Equalisation equalisation = new Equalisation(network, plan);
        List<String> values =
                plan.values().stream().filter(value -> !input.is(value)).toList();
        for (String value : values) {
            equalisation.equalise(
                    value, statistics.of(value).highs(), steps.range(value).high());
        }
        for (NodeProto layer : layers) {
            means.add(
                    FloatNetwork.hasChannelsFirst(layer)
                            ? means(layer, statistics, plan, equalisation)
                            : new double[0]);
        }
        values.forEach(steps::hold);
        skipUnmeasurable();
    }

    private static double[] means(
            NodeProto layer, ActivationStatistics statistics, QuantizationPlan plan, Equalisation equalisation) {
        double[] means = statistics.of(layer.getOutput(0)).means();
        double[] factors = equalisation.factors(plan.made(layer), means.length);
        for (int c = 0; c < means.length; c++) {
            means[c] *= factors[c];
        }
        return means;
    }

    /** Returns whether a layer is left that needs measurements. */
    public boolean hasNext() {
        return next < layers.size();
    }

    /**
     * Returns a graph that outputs the next layer's inputs with all previous layers quantised. All its weights are floats,
     * including rounded ones: it must be run without fusing 8-bit values.
     */
    public byte[] observing() {
        NodeProto layer = layers.get(next);
        LayerShape shape = shape(layer);
        String taken = layer.getInput(0);
        String name = patches();
        Patches.of(network, layer, shape, taken, name).forEach(network::add);
        return network.toBytes(List.of(FloatNetwork.output(name)));
    }

    /** Returns the statistics to measure over that graph's output. */
    public Observed observed() {
        NodeProto layer = layers.get(next);
        LayerShape shape = shape(layer);
        int groups = Patches.groups(layer);
        return new Observed(patches(), groups * shape.perGroup(), Patches.areFew(shape) ? groups : 0, false);
    }

    private String patches() {
        return "patches_" + next;
    }

    /** Rounds the next layer's weights. */
    public void accept(ActivationStatistics statistics) {
        NodeProto layer = layers.get(next);
        LayerShape shape = shape(layer);
        int groups = Patches.groups(layer);
        double[] divisors = new double[groups * shape.perGroup()];
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = input.ratio(layer.getInput(0), i / shape.plane());
        }
        round(layer, LayerInputs.of(statistics.of(patches()), divisors, shape.perGroup()), means.get(next));
        next++;
        skipUnmeasurable();
    }

    /** Rounds layers whose inputs have their channels last, for which nothing can be measured. */
    private void skipUnmeasurable() {
        while (hasNext() && !FloatNetwork.hasChannelsFirst(layers.get(next))) {
            LayerShape shape = shape(layers.get(next));
            round(layers.get(next), LayerInputs.unknown(shape.perGroup()), new double[0]);
            next++;
        }
    }

    private LayerShape shape(NodeProto layer) {
        return LayerShape.of(layer, network.floats(layer.getInput(1)).orElseThrow());
    }

    /** Rounds a layer's weights, and replaces them with their dequantised values. */
    private void round(NodeProto layer, LayerInputs inputs, double[] outputs) {
        String taken = layer.getInput(0);
        FloatWeights weights = network.floats(layer.getInput(1)).orElseThrow();
        LayerShape shape = shape(layer);
        boolean hasBias = !layer.getOpType().equals("MatMul");
        double[] bias = hasBias ? Layers.bias(network, layer) : new double[shape.outputs()];
        float[] values = weights.values();
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) input.ratio(taken, shape.input(i));
        }
        LayerWeights rounded = LayerWeights.round(values, bias, shape, outputs, inputs, scale(taken), weightLimit);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (rounded.restored(i) / input.ratio(taken, shape.input(i)));
        }
        String weightsName = network.add(layer.getInput(1) + "_restored", weights.toTensor());
        NodeProto.Builder changed =
                layer.toBuilder().clearInput().addInput(taken).addInput(weightsName);
        Optional<String> biasName = hasBias
                ? Optional.of(network.add(
                        layer.getInput(1) + "_bias_restored",
                        FloatWeights.vector(rounded.bias()).toTensor()))
                : Optional.empty();
        biasName.ifPresent(changed::addInput);
        network.replaceReaders(layer, changed.build());
        stored.put(weightsName, new Stored(layer, rounded, weightsName, biasName));
    }

    private float scale(String taken) {
        return steps.of(taken)
                .orElseThrow(() -> new IllegalStateException("No step for " + taken))
                .scale();
    }

    /**
     * Returns the network with 8-bit weights and activations, which takes 8-bit pixels in NHWC. May be called once, at the end.
     */
    public byte[] network() {
        stored.values().forEach(this::write);
        input.write(steps.of(input.name()).map(step -> new String[] {step.scaleName(), step.zeroName()}));
        return network.toBytes();
    }

    private void write(Stored layer) {
        LayerWeights weights = layer.weights;
        String taken = layer.layer.getInput(0);
        List<Long> shape = network.floats(layer.weightsName).orElseThrow().shape();
        int axis = layer.layer.getOpType().equals("Conv") ? 0 : 1;
        dequantised(
                layer.weightsName,
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT8.getNumber())
                        .addAllDims(shape)
                        .setRawData(ByteString.copyFrom(weights.weights())),
                weights.scales(),
                axis);
        layer.biasName.ifPresent(name -> {
            float[] scales = weights.scales().clone();
            for (int c = 0; c < scales.length; c++) {
                scales[c] *= scale(taken);
            }
            int[] counted = weights.countedBias(input.shifts(taken, weights), scale(taken));
            dequantised(name, Nodes.ints(counted), scales, 0);
        });
    }

    /** Replaces the floats of that name with dequantised integers. */
    private void dequantised(String name, TensorProto.Builder integers, float[] scales, int axis) {
        network.removeWeight(name);
        String counted = network.add(name + "_counted", integers);
        String scale =
                network.add(name + "_scales", new FloatWeights(List.of((long) scales.length), scales).toTensor());
        int bytes = integers.getDataType() == TensorProto.DataType.INT32.getNumber() ? Integer.BYTES : 1;
        String zeros = network.add(
                name + "_zeros",
                TensorProto.newBuilder()
                        .setDataType(integers.getDataType())
                        .addDims(scales.length)
                        .setRawData(ByteString.copyFrom(new byte[bytes * scales.length])));
        network.addFirst(Nodes.node(
                "DequantizeLinear", List.of(counted, scale, zeros), name, OnnxGraphBuilder.integer("axis", axis)));
    }
}
