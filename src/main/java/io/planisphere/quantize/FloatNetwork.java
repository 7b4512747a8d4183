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

/** A simplified float network for quantisation: first its activations are observed, then it is quantised to 8 bits. */
public final class FloatNetwork {
    private final Network network;
    private final QuantizationPlan plan;

    private FloatNetwork(Network network, int floatLayers) {
        this.network = network;
        plan = new QuantizationPlan(network, floatLayers);
    }

    /**
     * A value to measure.
     *
     * @param channels number of means: its channels if a layer takes it, otherwise 1
     * @param blocks number of channel blocks whose covariance is measured; 0 for none
     * @param isRanged whether to count all its values in a histogram
     */
    public record Observed(String name, int channels, int blocks, boolean isRanged) implements Serializable {}

    /** Reads and simplifies a network whose layers are all quantised. */
    public static FloatNetwork of(byte[] bytes) {
        return of(bytes, 0);
    }

    /**
     * Reads and simplifies a network.
     *
     * @param bytes ONNX file with one input of floats
     * @param floatLayers number of first layers with weights that stay in floats: those of a narrow network have few channels,
     *     and their quantisation error passes through all other layers
     * @throws IllegalArgumentException if it cannot be quantised; the message has the reason and what to do
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

    /** Returns the values to measure, in the order of {@link #observing}'s outputs. */
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

    /** Returns whether a layer's input and output are known to have channels as the first axis after the batch. */
    static boolean hasChannelsFirst(NodeProto layer) {
        return !layer.getOpType().equals("MatMul");
    }

    /** Returns the simplified network. */
    public byte[] toBytes() {
        return network.toBytes();
    }

    /** Returns the simplified network with all observed values among its outputs. */
    public byte[] observing() {
        List<ValueInfoProto> outputs = new ArrayList<>(network.outputs());
        for (Observed value : observed()) {
            if (!network.isOutput(value.name())) {
                outputs.add(output(value.name()));
            }
        }
        return network.toBytes(outputs);
    }

    /** Declares an output of floats with any shape. */
    static ValueInfoProto output(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber())))
                .build();
    }

    /** Returns the operators that stay in floats, with the reason, one line each. */
    public List<String> keptInFloats() {
        return plan.keptInFloats();
    }

    /**
     * Begins the quantisation to 8 bits. May be called once.
     *
     * @param rule preprocessing rule of the float network's input
     */
    public Quantisation quantisation(
            ActivationStatistics statistics, Method method, Preprocessing rule, int weightBits) {
        return new Quantisation(network, plan, statistics, method, InputRule.of(rule), (1 << (weightBits - 1)) - 1);
    }
}
