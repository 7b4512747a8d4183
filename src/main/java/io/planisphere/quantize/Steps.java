package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The 8-bit quantisation parameters of values: a scale and a zero point for each, stored in the file. */
final class Steps {
    private final Network network;
    private final QuantizationPlan plan;
    private final ActivationStatistics statistics;
    private final Method method;
    private final PixelInput input;
    private final Map<String, Step> steps = new HashMap<>();

    /** The scale of a value, and the names of scale and zero point in the file. */
    record Step(float scale, String scaleName, String zeroName) {}

    Steps(Network network, QuantizationPlan plan, ActivationStatistics statistics, Method method, PixelInput input) {
        this.network = network;
        this.plan = plan;
        this.statistics = statistics;
        this.method = method;
        this.input = input;
        plan.values().forEach(value -> steps.put(value, step(value)));
    }

    /** Returns the quantisation range of a value. */
    Range range(String value) {
        Range range = method.range(statistics.of(value).histogram());
        return plan.clamp(value)
                .flatMap(clamp -> Clamp.of(network, clamp))
                .map(range::within)
                .orElse(range)
                .withZero();
    }

    Optional<Step> of(String value) {
        return Optional.ofNullable(steps.get(value));
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
        String scaleName =
                network.add(value + "_scale", FloatWeights.scalar(scale).toTensor());
        String zeroName = network.add(
                value + "_zero",
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.UINT8.getNumber())
                        .setRawData(ByteString.copyFrom(new byte[] {(byte) zeroPoint})));
        return new Step(scale, scaleName, zeroName);
    }

    /** Quantises and dequantises the value, so that all its readers, including outputs, get the 8-bit value. */
    void hold(String value) {
        Step step = of(value).orElseThrow();
        NodeProto maker = network.maker(value).orElseThrow();
        if (plan.clamp(value).isPresent()) {
            String raw = Clamp.dataInput(network, maker);
            network.remove(maker);
            maker = network.making(network.maker(raw).orElseThrow(), raw, value);
        }
        String exact = network.freeName(value + "_exact");
        maker = network.making(maker, value, exact);
        String counted = network.freeName(value + "_counted");
        network.addAfter(
                maker,
                Nodes.node("QuantizeLinear", List.of(exact, step.scaleName(), step.zeroName()), counted),
                Nodes.node("DequantizeLinear", List.of(counted, step.scaleName(), step.zeroName()), value));
    }
}
