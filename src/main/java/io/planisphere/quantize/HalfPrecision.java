package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.planisphere.onnx.OnnxGraphBuilder;
import io.planisphere.vision.HalfFloat;
import java.util.List;

/**
 * Stores a network's float weights in 16 bits, half the size. A Cast before each use converts them back to floats, which ONNX
 * Runtime does once when it opens the network. So the network computes in floats and is as fast as before.
 */
public final class HalfPrecision {
    /** The largest half float. */
    private static final float LARGEST = 65504;

    /** Minimum number of values; for fewer, the Cast takes more bytes than it saves. */
    private static final int LEAST_VALUES = 64;

    private HalfPrecision() {}

    /**
     * Returns the network with weights in 16 bits. Tensors with weights beyond 65504 are unchanged.
     *
     * @param bytes ONNX file
     */
    public static byte[] of(byte[] bytes) {
        Network network = Network.read(bytes);
        for (TensorProto weight : network.weights()) {
            network.floats(weight.getName()).filter(HalfPrecision::fits).ifPresent(floats -> {
                network.removeWeight(weight.getName());
                String half = network.add(
                        weight.getName() + "_half",
                        TensorProto.newBuilder()
                                .setDataType(TensorProto.DataType.FLOAT16.getNumber())
                                .addAllDims(floats.shape())
                                .setRawData(ByteString.copyFrom(HalfFloat.encode(floats.values()))));
                NodeProto cast = Nodes.node(
                        "Cast",
                        List.of(half),
                        weight.getName(),
                        OnnxGraphBuilder.integer("to", TensorProto.DataType.FLOAT.getNumber()));
                network.addFirst(cast);
            });
        }
        return network.toBytes();
    }

    private static boolean fits(FloatWeights floats) {
        if (floats.size() < LEAST_VALUES) {
            return false;
        }
        for (float value : floats.values()) {
            if (!(Math.abs(value) <= LARGEST)) {
                return false;
            }
        }
        return true;
    }
}
