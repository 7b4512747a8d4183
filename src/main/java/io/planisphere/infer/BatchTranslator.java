package io.planisphere.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.planisphere.image.Preprocessing;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.List;

/** Converts between buffers and DJL's arrays; all arrays belong to the call and are closed with it. */
final class BatchTranslator implements NoBatchifyTranslator<BatchTranslator.Batch, float[][]> {
    private final String input;
    private final List<String> outputs;
    private final Shape photo;

    /**
     * The photos of one call.
     *
     * @param values values of all photos: a FloatBuffer, or a ByteBuffer for 8-bit values
     */
    record Batch(Buffer values, int photos) {}

    /**
     * @param input name of the network's input
     * @param outputs names of the requested outputs
     * @param rule preprocessing rule of the tensors
     */
    BatchTranslator(String input, List<String> outputs, Preprocessing rule) {
        this.input = input;
        this.outputs = outputs;
        List<Long> axes = rule.axes();
        photo = new Shape(axes.subList(1, axes.size()));
    }

    @Override
    public NDList processInput(TranslatorContext context, Batch batch) {
        DataType type = batch.values instanceof FloatBuffer ? DataType.FLOAT32 : DataType.UINT8;
        NDArray array = context.getNDManager().create(batch.values, new Shape(batch.photos).addAll(photo), type);
        array.setName(input);
        return new NDList(array);
    }

    @Override
    public float[][] processOutput(TranslatorContext context, NDList tensors) {
        return outputs.stream().map(name -> tensors.get(name).toFloatArray()).toArray(float[][]::new);
    }
}
