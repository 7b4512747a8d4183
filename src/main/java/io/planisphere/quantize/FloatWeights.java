package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Weights as an array, last axis fastest; the record owns the array and may modify it. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FloatWeights(List<Long> shape, float[] values) {

    /** Returns the weights of a tensor; empty if it does not have floats. */
    static Optional<FloatWeights> of(TensorProto tensor) {
        if (tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()) {
            return Optional.empty();
        }
        int size = Math.toIntExact(tensor.getDimsList().stream().reduce(1L, Math::multiplyExact));
        float[] values = new float[size];
        if (tensor.hasRawData()) {
            FloatBuffer raw = tensor.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            if (raw.remaining() != size) {
                throw new IllegalArgumentException("model.onnx has weights " + tensor.getName() + " of "
                        + tensor.getDimsList() + " with " + raw.remaining() + " values; export it again");
            }
            raw.get(values);
        } else {
            for (int i = 0; i < size; i++) {
                values[i] = tensor.getFloatData(i);
            }
        }
        return Optional.of(new FloatWeights(tensor.getDimsList(), values));
    }

    static FloatWeights vector(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return new FloatWeights(List.of((long) values.length), floats);
    }

    static FloatWeights scalar(double value) {
        return new FloatWeights(List.of(), new float[] {(float) value});
    }

    TensorProto.Builder toTensor() {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addAllDims(shape)
                .setRawData(ByteString.copyFrom(raw));
    }

    int size() {
        return values.length;
    }

    /** Returns the number of values per entry of the first axis. */
    int perFirst() {
        return shape.isEmpty() || shape.get(0) == 0 ? 1 : values.length / Math.toIntExact(shape.get(0));
    }

    /** Transposes {@code [rows, columns]} to {@code [columns, rows]}. */
    FloatWeights transposed() {
        int rows = Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.get(1));
        float[] turned = new float[values.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                turned[c * rows + r] = values[r * columns + c];
            }
        }
        return new FloatWeights(List.of((long) columns, (long) rows), turned);
    }

    /**
     * Returns one value per channel of an NCHW tensor, if these weights broadcast in that way: a scalar, {@code [C, 1, 1]} or
     * {@code [1, C, 1, 1]}; for {@code [N, C]} tensors {@code [C]} and {@code [1, C]}.
     *
     * @param axesBehind number of axes after the channels: 2 for photos, 0 for vectors
     */
    Optional<float[]> perChannel(int channels, int axesBehind) {
        if (values.length == 1 && shape.size() <= axesBehind + 2) {
            float[] all = new float[channels];
            Arrays.fill(all, values[0]);
            return Optional.of(all);
        }
        int axis = shape.size() - 1 - axesBehind;
        return values.length == channels && axis >= 0 && axis <= 1 && shape.get(axis) == channels
                ? Optional.of(values.clone())
                : Optional.empty();
    }
}
