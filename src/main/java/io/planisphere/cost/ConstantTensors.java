package io.planisphere.cost;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads constants of the file. */
final class ConstantTensors {
    private ConstantTensors() {}

    static Value value(TensorProto tensor) {
        int bytes = bytesPerElement(tensor.getDataType());
        Value value = Value.of(tensor.getDimsList(), bytes);
        if (value.elements() > Value.MOST_CONTENT) {
            return value;
        }
        List<Double> content = content(tensor, (int) value.elements());
        return content.size() == value.elements() ? Value.of(value.shape(), bytes, content) : value;
    }

    /** Returns whether elements of the type can be learnt parameters; 64-bit integers are shapes and indices. */
    static boolean isParameter(TensorProto tensor) {
        DataType type = DataType.forNumber(tensor.getDataType());
        return type != null
                && switch (type) {
                    case FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT8, UINT8, INT32 -> true;
                    default -> false;
                };
    }

    static int bytesPerElement(int dataType) {
        DataType type = DataType.forNumber(dataType);
        if (type == null) {
            return Float.BYTES;
        }
        return switch (type) {
            case INT8, UINT8, BOOL -> Byte.BYTES;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> Short.BYTES;
            case DOUBLE, INT64, UINT64, COMPLEX64 -> Long.BYTES;
            case COMPLEX128 -> 2 * Long.BYTES;
            default -> Float.BYTES;
        };
    }

    private static List<Double> content(TensorProto tensor, int size) {
        DataType type = DataType.forNumber(tensor.getDataType());
        List<Double> content = new ArrayList<>();
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (type == DataType.INT64) {
            tensor.getInt64DataList().forEach(number -> content.add(number.doubleValue()));
            for (int i = 0; i < size && raw.remaining() >= Long.BYTES; i++) {
                content.add((double) raw.getLong());
            }
        } else if (type == DataType.INT32) {
            tensor.getInt32DataList().forEach(number -> content.add(number.doubleValue()));
            for (int i = 0; i < size && raw.remaining() >= Integer.BYTES; i++) {
                content.add((double) raw.getInt());
            }
        } else if (type == DataType.FLOAT) {
            tensor.getFloatDataList().forEach(number -> content.add(number.doubleValue()));
            for (int i = 0; i < size && raw.remaining() >= Float.BYTES; i++) {
                content.add((double) raw.getFloat());
            }
        }
        return content;
    }
}
