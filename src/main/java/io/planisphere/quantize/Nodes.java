package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/** Creates nodes and attributes. */
final class Nodes {
    private Nodes() {}

    static NodeProto node(String operator, List<String> inputs, String output, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output + "/" + operator) // values and nodes have separate names, and old ones stay
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes))
                .build();
    }

    static AttributeProto integers(String name, long... values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(LongStream.of(values).boxed().toList())
                .build();
    }

    /** Returns a vector for Reshape. */
    static TensorProto.Builder longs(long... values) {
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(values.length)
                .addAllInt64Data(LongStream.of(values).boxed().toList());
    }

    /** Returns a vector for DequantizeLinear; as raw data, because protobuf encodes a negative number in ten bytes. */
    static TensorProto.Builder ints(int... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asIntBuffer().put(values);
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.INT32.getNumber())
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(raw));
    }
}
