package io.planisphere.spark.train;

import io.planisphere.vision.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.spark.sql.Row;

/** Embeddings as bytes, four per value, little-endian: rows store them unchanged, whereas an array would box each value. */
final class FloatBytes {
    private FloatBytes() {}

    /** Returns the bytes for the embedding of a row of {@code embed}, which is an array of floats or bytes in half precision. */
    static byte[] ofEmbedding(Row row, int column) {
        if (row.get(column) instanceof byte[] halves) {
            float[] values = HalfFloat.decode(halves);
            byte[] bytes = new byte[values.length * Float.BYTES];
            view(bytes).put(values);
            return bytes;
        }
        List<Float> values = row.getList(column);
        byte[] bytes = new byte[values.size() * Float.BYTES];
        FloatBuffer view = view(bytes);
        values.forEach(view::put);
        return bytes;
    }

    /** Returns the values in bytes from {@link #ofEmbedding}. */
    static float[] read(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        view(bytes).get(values);
        return values;
    }

    private static FloatBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
