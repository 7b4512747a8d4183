package io.planisphere.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Weights stored as 16-bit integers, half the size: {@code integer · scale}. Where all values of a tensor are exact multiples of
 * one step, as in a network that was in 8 bits before, the step is its scale, and nothing is lost. Otherwise each row (for a
 * convolution, the kernel of one output channel) has its largest magnitude over 32767. A Cast and a Mul before each use restore
 * the floats, which ONNX Runtime does once when it opens the network; so the network calculates in floats and is as fast as
 * before.
 *
 * <p>An integer has 16 significant bits where the row is largest, an IEEE half float 11 everywhere.
 */
public final class ShortWeights {
    private static final float LARGEST = Short.MAX_VALUE;

    /** Minimum length of a rounded row. The kernels of depthwise convolutions are shorter: they matter most and take least space. */
    private static final int LEAST_ROW = 32;

    /** Minimum length of a tensor; a shorter one takes less space than the operators that restore it. */
    private static final int LEAST_VALUES = 64;

    /** How many floats below and above its estimate the step of a tensor is searched. */
    private static final int STEPS_AROUND = 3;

    /** The first operator set in which Mul repeats a shorter axis by itself. */
    private static final long LEAST_OPERATOR_SET = 7;

    private ShortWeights() {}

    /**
     * Returns the network with weights of 16 bits. Vectors, small tensors, those with short rows that would be
     * rounded, and those with infinite or undefined values are unchanged.
     *
     * @param network ONNX file
     * @throws IllegalArgumentException if it is not one, or is older than operator set 7
     */
    public static byte[] store(byte[] network) {
        ModelProto.Builder model = OnnxProto.parse("model.onnx", network);
        long operators = OnnxModel.read("model.onnx", network).opset();
        if (operators < LEAST_OPERATOR_SET) {
            throw new IllegalArgumentException(
                    "model.onnx has operator set " + operators + ", and weights are stored in 16" + " bits from "
                            + LEAST_OPERATOR_SET + " on; export it with a newer one");
        }
        GraphProto.Builder graph = model.getGraphBuilder();
        Set<String> names = OnnxProto.names(graph);
        Set<String> fixed = new HashSet<>();
        graph.getInputList().forEach(input -> fixed.add(input.getName()));
        graph.getOutputList().forEach(output -> fixed.add(output.getName()));
        List<TensorProto> weights = new ArrayList<>();
        List<NodeProto> nodes = new ArrayList<>();
        for (TensorProto weight : graph.getInitializerList()) {
            Optional<Rows> rows = fixed.contains(weight.getName()) ? Optional.empty() : Rows.of(weight);
            if (rows.isEmpty()) {
                weights.add(weight);
                continue;
            }
            String integers = unused(names, weight.getName() + "_integers");
            String scales = unused(names, weight.getName() + "_scales");
            String cast = unused(names, weight.getName() + "_cast");
            weights.addAll(rows.get().stored(integers, scales));
            nodes.add(OnnxProto.node("Cast", cast, integers).toBuilder()
                    .addAttribute(OnnxGraphBuilder.integer("to", DataType.FLOAT.getNumber()))
                    .build());
            nodes.add(OnnxProto.node("Mul", weight.getName(), cast, scales));
        }
        nodes.addAll(graph.getNodeList());
        graph.clearInitializer().addAllInitializer(weights).clearNode().addAllNode(nodes);
        return OnnxProto.bytes(model);
    }

    /** Returns the network with float weights in place of those that {@link #store} stored; any other network is unchanged. */
    public static ModelProto restore(ModelProto network) {
        GraphProto graph = network.getGraph();
        Map<String, TensorProto> weights = new HashMap<>();
        graph.getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
        Map<String, TensorProto> casts = new HashMap<>();
        Map<String, TensorProto> restored = new HashMap<>();
        Set<String> spent = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            TensorProto source = node.getInputCount() == 0 ? null : weights.get(node.getInput(0));
            if (node.getOpType().equals("Cast")
                    && source != null
                    && source.getDataType() == DataType.INT16.getNumber()) {
                casts.put(node.getOutput(0), source);
            } else if (node.getOpType().equals("Mul") && casts.containsKey(node.getInput(0))) {
                TensorProto integers = casts.get(node.getInput(0));
                TensorProto scales = weights.get(node.getInput(1));
                if (scales != null && scales.hasRawData()) {
                    restored.put(node.getOutput(0), Rows.restored(node.getOutput(0), integers, scales));
                    Collections.addAll(
                            spent, integers.getName(), scales.getName(), node.getInput(0), node.getOutput(0));
                }
            }
        }
        if (restored.isEmpty()) {
            return network;
        }
        GraphProto.Builder plain = graph.toBuilder().clearInitializer().clearNode();
        graph.getInitializerList().stream()
                .filter(weight -> !spent.contains(weight.getName()))
                .forEach(plain::addInitializer);
        restored.values().forEach(plain::addInitializer);
        graph.getNodeList().stream()
                .filter(node -> !spent.contains(node.getOutput(0)))
                .forEach(plain::addNode);
        return network.toBuilder().setGraph(plain).build();
    }

    private static String unused(Set<String> names, String wanted) {
        String name = wanted;
        for (int i = 1; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** The floats of a tensor, and how they are stored: {@code length} values after each other share a scale. */
    private record Rows(List<Long> shape, FloatBuffer values, int length) {

        /** Returns the rows of a tensor that can be stored; empty for any other. */
        static Optional<Rows> of(TensorProto tensor) {
            if (tensor.getDataType() != DataType.FLOAT.getNumber() || tensor.getDimsCount() < 2) {
                return Optional.empty();
            }
            FloatBuffer values = tensor.hasRawData()
                    ? buffer(tensor).asFloatBuffer()
                    : FloatBuffer.allocate(tensor.getFloatDataCount());
            for (int i = 0; i < tensor.getFloatDataCount(); i++) {
                values.put(i, tensor.getFloatData(i));
            }
            if (values.limit() < LEAST_VALUES || !areFinite(values)) {
                return Optional.empty();
            }
            if (step(values).isPresent()) {
                return Optional.of(new Rows(tensor.getDimsList(), values, values.limit()));
            }
            int length = values.limit() / Math.toIntExact(tensor.getDims(0));
            return length < LEAST_ROW ? Optional.empty() : Optional.of(new Rows(tensor.getDimsList(), values, length));
        }

        private static boolean areFinite(FloatBuffer values) {
            for (int i = 0; i < values.limit(); i++) {
                if (!Float.isFinite(values.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the step of which all values are exact multiples; empty if there is none. */
        private static Optional<Float> step(FloatBuffer values) {
            float[] sorted = new float[values.limit()];
            values.get(0, sorted);
            Arrays.sort(sorted);
            float gap = Float.MAX_VALUE;
            for (int i = 1; i < sorted.length; i++) {
                if (sorted[i] > sorted[i - 1]) {
                    gap = Math.min(gap, sorted[i] - sorted[i - 1]);
                }
            }
            float largest = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
            float multiple = (float) Math.rint(largest / gap);
            if (multiple < 1 || multiple > LARGEST) {
                return Optional.empty();
            }
            // the gap between two products is off by their rounding, the largest product divided by its multiple hardly
            float step = largest / multiple;
            for (int i = 0; i < STEPS_AROUND; i++) {
                step = Math.nextDown(step);
            }
            for (int i = -STEPS_AROUND; i <= STEPS_AROUND; i++, step = Math.nextUp(step)) {
                if (areMultiples(sorted, step)) {
                    return Optional.of(step);
                }
            }
            return Optional.empty();
        }

        private static boolean areMultiples(float[] values, float step) {
            for (float value : values) {
                if ((short) Math.rint(value / step) * step != value) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the integers and their scales, which have the axes of the tensor, all but the first of length 1. */
        List<TensorProto> stored(String integersName, String scalesName) {
            int rows = values.limit() / length;
            ByteBuffer integers = littleEndian(values.limit() * Short.BYTES);
            ByteBuffer scales = littleEndian(rows * Float.BYTES);
            for (int row = 0; row < rows; row++) {
                FloatBuffer part = values.slice(row * length, length);
                float scale = step(part).orElseGet(() -> largest(part) / LARGEST);
                scales.putFloat(scale);
                for (int i = 0; i < length; i++) {
                    // a row of zeros, or of numbers too small to divide by, has a scale of zero
                    integers.putShort((short) (scale == 0 ? 0 : Math.rint(part.get(i) / scale)));
                }
            }
            List<Long> axes = new ArrayList<>(Collections.nCopies(shape.size(), 1L));
            axes.set(0, (long) rows);
            return List.of(
                    tensor(integersName, DataType.INT16, shape, integers),
                    tensor(scalesName, DataType.FLOAT, axes, scales));
        }

        private static float largest(FloatBuffer values) {
            float largest = 0;
            for (int i = 0; i < values.limit(); i++) {
                largest = Math.max(largest, Math.abs(values.get(i)));
            }
            return largest;
        }

        static TensorProto restored(String name, TensorProto integers, TensorProto scales) {
            ShortBuffer stored = buffer(integers).asShortBuffer();
            FloatBuffer scale = buffer(scales).asFloatBuffer();
            int length = stored.limit() / scale.limit();
            ByteBuffer floats = littleEndian(stored.limit() * Float.BYTES);
            for (int i = 0; i < stored.limit(); i++) {
                floats.putFloat(stored.get(i) * scale.get(i / length));
            }
            return tensor(name, DataType.FLOAT, integers.getDimsList(), floats);
        }

        private static ByteBuffer buffer(TensorProto tensor) {
            return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }

        private static ByteBuffer littleEndian(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        private static TensorProto tensor(String name, DataType type, List<Long> shape, ByteBuffer values) {
            return TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(type.getNumber())
                    .addAllDims(shape)
                    .setRawData(ByteString.copyFrom(values.flip()))
                    .build();
        }
    }
}
