package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.image.Preprocessing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network of floats that is to be quantised, tidied: first its activations are observed, then 8 bits are counted out. */
public final class FloatNetwork {
    private final Network network;
    private final QuantizationPlan plan;

    private FloatNetwork(Network network, int floatLayers) {
        this.network = network;
        plan = new QuantizationPlan(network, floatLayers);
    }

    /**
     * A value to be measured.
     *
     * @param channels how many means to take: its channels where a layer takes it, else 1
     * @param blocks of channels of which it matters how they vary together; 0 for none
     * @param isRanged whether all its values are to be counted
     */
    public record Observed(String name, int channels, int blocks, boolean isRanged) implements Serializable {}

    /** Reads and tidies a network all of whose layers are to be quantised. */
    public static FloatNetwork of(byte[] bytes) {
        return of(bytes, 0);
    }

    /**
     * Reads and tidies a network.
     *
     * @param bytes an ONNX file with one input of floats
     * @param floatLayers how many of the first layers with weights stay in floats: those of a narrow network have few channels, and what
     *     8 bits lose there goes through all others
     * @throws IllegalArgumentException if it cannot be quantised, with the reason and what to do
     */
    public static FloatNetwork of(byte[] bytes, int floatLayers) {
        Network network = Network.read(bytes);
        OperatorSets.raise(network);
        Tidying.tidy(network);
        FloatNetwork tidied = new FloatNetwork(network, floatLayers);
        if (tidied.plan.layers().isEmpty()) {
            throw new IllegalArgumentException(
                    "model.onnx has no Conv, Gemm or MatMul with float weights of its own, so there is nothing to quantise");
        }
        return tidied;
    }

    /** What has to be measured, in the order of {@link #observing}'s outputs. */
    public List<Observed> observed() {
        Map<String, Observed> observed = new LinkedHashMap<>();
        plan.values().stream()
                .filter(value -> !value.equals(network.input().getName()))
                .forEach(value -> observed.put(value, new Observed(value, plan.channels(value), 0, true)));
        for (NodeProto layer : plan.layers()) {
            String made = layer.getOutput(0);
            if (hasChannelsFirst(layer)) {
                observed.put(made, new Observed(made, Layers.outputs(network, layer), 0, observed.containsKey(made)));
            }
        }
        return List.copyOf(observed.values());
    }

    /** Whether what a layer takes and makes surely has its channels before all other axes but the batch. */
    static boolean hasChannelsFirst(NodeProto layer) {
        return !layer.getOpType().equals("MatMul");
    }

    /** The tidied network as it is. */
    public byte[] toBytes() {
        return network.toBytes();
    }

    /** The tidied network with everything that is observed among its outputs. */
    public byte[] observing() {
        List<ValueInfoProto> outputs = new ArrayList<>(network.outputs());
        for (Observed value : observed()) {
            if (!network.isOutput(value.name())) {
                outputs.add(output(value.name()));
            }
        }
        return network.toBytes(outputs);
    }

    /** Declares a value of floats of any shape. */
    static ValueInfoProto output(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber())))
                .build();
    }

    /** Operators that stay in floats, with the reason, a line each. */
    public List<String> keptInFloats() {
        return plan.keptInFloats();
    }

    /**
     * Begins with 8 bits. Can be asked for once.
     *
     * @param rule how the float network's input is made of pixels
     */
    public Quantisation quantisation(
            ActivationStatistics statistics, Method method, Preprocessing rule, int weightBits) {
        return new Quantisation(network, plan, statistics, method, InputRule.of(rule), (1 << (weightBits - 1)) - 1);
    }
}
