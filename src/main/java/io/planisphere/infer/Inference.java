package io.planisphere.infer;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.model.Golden;
import io.planisphere.model.ModelPackage;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a {@link Session}'s network for one thread, through one reused input buffer: fill {@link #input}, then {@link #run}.
 *
 * <p>A batch that fails is halved until the guilty photo stands alone, so its neighbours keep their scores.
 */
public final class Inference implements AutoCloseable {
    private final Predictor<Window, float[][]> predictor;
    private final Buffer input;
    private final int slots;
    private final int perCall;
    private final int elements;

    /** A run of photos in the input buffer. */
    private record Window(int from, int to) {
        int photos() {
            return to - from;
        }
    }

    Inference(Model network, ModelPackage model, List<String> outputs, int slots, int perCall) {
        this.slots = slots;
        this.perCall = perCall;
        this.elements = model.preprocessing().elements();
        // Allocated once per task: ONNX Runtime reads a direct buffer in place.
        this.input = allocate(model.preprocessing().element(), Math.multiplyExact(slots, elements));
        this.predictor = network.newPredictor(new Tensors(model, outputs));
    }

    private static Buffer allocate(Element element, int values) {
        return element == Element.UINT8
                ? ByteBuffer.allocateDirect(values)
                : ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
    }

    /**
     * Room for {@link #slots} photos, one tensor after the other: a FloatBuffer, or a ByteBuffer where the network takes 8-bit
     * pixels.
     */
    public Buffer input() {
        return input;
    }

    /** The answer to the input of all golden vectors, {@link Golden#ramp}. */
    public Inferred ramp() {
        if (input instanceof FloatBuffer floats) {
            floats.put(0, Golden.ramp(elements));
        } else {
            ((ByteBuffer) input).put(0, Golden.byteRamp(elements));
        }
        return run(1).get(0);
    }

    public int slots() {
        return slots;
    }

    /** Values of one photo in {@link #input}. */
    public int elements() {
        return elements;
    }

    /**
     * The answers to the first {@code photos} photos in {@link #input}, in their order.
     *
     * @throws EngineFailure if the engine runs out of memory
     */
    public List<Inferred> run(int photos) {
        List<Inferred> answers = new ArrayList<>(photos);
        for (int from = 0; from < photos; from += perCall) {
            run(new Window(from, Math.min(from + perCall, photos)), answers);
        }
        return answers;
    }

    private void run(Window window, List<Inferred> answers) {
        try {
            float[][] batch = predictor.predict(window);
            for (int i = 0; i < window.photos(); i++) {
                float[][] values = new float[batch.length][];
                for (int output = 0; output < batch.length; output++) {
                    int width = batch[output].length / window.photos();
                    values[output] = Arrays.copyOfRange(batch[output], i * width, (i + 1) * width);
                }
                answers.add(checked(values));
            }
        } catch (TranslateException e) {
            String message = Session.rootMessage(e);
            if (message.contains("bad_alloc") || message.contains("Failed to allocate memory")) {
                throw new EngineFailure("ONNX Runtime is out of memory: " + message, e);
            }
            if (window.photos() == 1) {
                answers.add(new Inferred.Failed(message));
                return;
            }
            int middle = (window.from + window.to) / 2;
            run(new Window(window.from, middle), answers);
            run(new Window(middle, window.to), answers);
        }
    }

    private static Inferred checked(float[][] outputs) {
        for (float[] values : outputs) {
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    return new Inferred.Failed("score " + i + " is " + values[i]);
                }
            }
        }
        return new Inferred.Outputs(outputs);
    }

    @Override
    public void close() {
        predictor.close();
    }

    /** Between the input buffer and DJL's arrays; all arrays belong to the call and are closed with it. */
    private final class Tensors implements NoBatchifyTranslator<Window, float[][]> {
        private final String inputName;
        private final List<String> outputNames;
        private final Shape photo;

        Tensors(ModelPackage model, List<String> outputs) {
            inputName = model.input();
            outputNames = outputs;
            Preprocessing rule = model.preprocessing();
            long height = rule.crop().height();
            long width = rule.crop().width();
            photo = rule.layout() == Layout.NCHW ? new Shape(3, height, width) : new Shape(height, width, 3);
        }

        @Override
        public NDList processInput(TranslatorContext context, Window window) {
            Buffer photos = input.slice(window.from * elements, window.photos() * elements);
            DataType type = photos instanceof FloatBuffer ? DataType.FLOAT32 : DataType.UINT8;
            NDArray array = context.getNDManager().create(photos, new Shape(window.photos()).addAll(photo), type);
            array.setName(inputName);
            return new NDList(array);
        }

        @Override
        public float[][] processOutput(TranslatorContext context, NDList outputs) {
            return outputNames.stream()
                    .map(name -> outputs.get(name).toFloatArray())
                    .toArray(float[][]::new);
        }
    }
}
