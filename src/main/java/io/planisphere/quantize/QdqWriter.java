package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts QuantizeLinear and DequantizeLinear into a graph by a plan: the QDQ form, which ONNX Runtime fuses into integer kernels when it
 * opens the network.
 */
final class QdqWriter {
    private final Network network;
    private final Plan plan;
    private final ActivationStatistics statistics;
    private final Method method;
    private final PixelInput input;
    private final int weightLimit;
    private final Equalisation equalisation;
    private final Map<String, Step> steps = new HashMap<>();

    /** How a value is counted, and the names of both numbers in the file. */
    private record Step(float scale, String scaleName, String zeroName) {}

    QdqWriter(
            Network network,
            Plan plan,
            ActivationStatistics statistics,
            Method method,
            InputRule rule,
            int weightLimit) {
        this.network = network;
        this.plan = plan;
        this.statistics = statistics;
        this.method = method;
        this.weightLimit = weightLimit;
        equalisation = new Equalisation(network, plan);
        input = new PixelInput(network, rule, plan.layers());
    }

    byte[] write() {
        List<String> values = new ArrayList<>(plan.values());
        for (String value : values) {
            steps.put(value, step(value));
        }
        values.stream().filter(value -> !input.is(value)).forEach(this::equalise);
        for (NodeProto layer : plan.layers()) {
            quantise(layer);
        }
        values.stream().filter(value -> !input.is(value)).forEach(this::hold);
        input.write(Optional.ofNullable(steps.get(input.name()))
                .map(step -> new String[] {step.scaleName(), step.zeroName()}));
        return network.toBytes();
    }

    private void equalise(String value) {
        equalisation.equalise(value, statistics.of(value).highs(), range(value).high());
    }

    private Range range(String value) {
        Range range = method.range(statistics.of(value).histogram());
        return plan.clamp(value)
                .flatMap(clamp -> Clamp.of(network, clamp))
                .map(range::within)
                .orElse(range)
                .withZero();
    }

    private Step step(String value) {
        String source = plan.source(value);
        if (!source.equals(value)) {
            return steps.computeIfAbsent(source, this::step);
        }
        Step known = steps.get(value);
        if (known != null) {
            return known;
        }
        if (input.is(value)) {
            return step(value, (float) input.scale(), input.zeroPoint());
        }
        Range range = range(value);
        return step(value, range.scale(), range.zeroPoint());
    }

    private Step step(String value, float scale, int zeroPoint) {
        String scaleName = network.add(value + "_scale", Floats.scalar(scale).toTensor());
        String zeroName = network.add(
                value + "_zero",
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.UINT8.getNumber())
                        .setRawData(ByteString.copyFrom(new byte[] {(byte) zeroPoint})));
        return new Step(scale, scaleName, zeroName);
    }

    /** Lets the value go through 8 bits, so that all who read it, outputs included, see what 8 bits hold. */
    private void hold(String value) {
        Step step = steps.get(value);
        NodeProto maker = network.maker(value).orElseThrow();
        Optional<NodeProto> clamp = plan.clamp(value);
        if (clamp.isPresent() && step != null) {
            String raw = Clamp.dataInput(network, maker);
            network.remove(maker);
            maker = network.making(network.maker(raw).orElseThrow(), raw, value);
        }
        String exact = network.freeName(value + "_exact");
        maker = network.making(maker, value, exact);
        String counted = network.freeName(value + "_counted");
        if (step == null) {
            throw new IllegalStateException("No step for " + value);
        }
        network.addAfter(
                maker,
                Nodes.node("QuantizeLinear", List.of(exact, step.scaleName(), step.zeroName()), counted),
                Nodes.node("DequantizeLinear", List.of(counted, step.scaleName(), step.zeroName()), value));
    }

    private void quantise(NodeProto layer) {
        String taken = layer.getInput(0);
        Step step = steps.get(taken);
        if (step == null) {
            throw new IllegalStateException("No step for " + taken);
        }
        boolean convolution = layer.getOpType().equals("Conv");
        Floats weights = network.floats(layer.getInput(1)).orElseThrow();
        LayerShape shape = LayerShape.of(layer, weights);
        double[] bias = layer.getOpType().equals("MatMul") ? new double[shape.outputs()] : Layers.bias(network, layer);
        double[] means;
        Rounding rounding = Rounding.nearest(weights.size() / shape.outputs());
        if (input.is(taken)) {
            means = input.means();
            input.foldInto(weights.values(), bias, shape);
        } else {
            Activation measured = statistics.of(taken);
            means = measured.means();
            double[] factors = equalisation.factors(taken, means.length);
            for (int c = 0; c < means.length; c++) {
                means[c] *= factors[c];
            }
            Covariance covariance = measured.covariance();
            if (covariance != null && shape.isMixing()) {
                rounding = Rounding.by(covariance.matrix(factors));
            }
        }
        LayerWeights rounded =
                LayerWeights.round(weights.values(), bias, shape, rounding, means, step.scale(), weightLimit);
        String name = layer.getInput(1);
        int axis = convolution ? 0 : 1;
        String kernel = dequantised(name, eightBits(rounded.weights(), weights.shape()), rounded.scales(), axis);
        NodeProto.Builder changed =
                layer.toBuilder().clearInput().addInput(taken).addInput(kernel);
        if (!layer.getOpType().equals("MatMul")) {
            float[] scales = rounded.scales().clone();
            for (int c = 0; c < scales.length; c++) {
                scales[c] *= step.scale();
            }
            changed.addInput(dequantised(name + "_bias", integers(rounded.bias()), scales, 0));
        }
        network.replace(layer, changed.build());
    }

    private String dequantised(String name, TensorProto.Builder integers, float[] scales, int axis) {
        String stored = network.add(name + "_counted", integers);
        String scale = network.add(name + "_scales", new Floats(List.of((long) scales.length), scales).toTensor());
        TensorProto.Builder zeros = TensorProto.newBuilder()
                .setDataType(integers.getDataType())
                .addDims(scales.length)
                .setRawData(ByteString.copyFrom(
                        new byte
                                [integers.getDataType() == TensorProto.DataType.INT32.getNumber()
                                        ? Integer.BYTES * scales.length
                                        : scales.length]));
        String zero = network.add(name + "_zeros", zeros);
        String restored = network.freeName(name + "_restored");
        network.addFirst(Nodes.node(
                "DequantizeLinear", List.of(stored, scale, zero), restored, OnnxGraphBuilder.integer("axis", axis)));
        return restored;
    }

    private static TensorProto.Builder eightBits(byte[] values, List<Long> shape) {
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.INT8.getNumber())
                .addAllDims(shape)
                .setRawData(ByteString.copyFrom(values));
    }

    private static TensorProto.Builder integers(int[] values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asIntBuffer().put(values);
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.INT32.getNumber())
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(raw));
    }
}
