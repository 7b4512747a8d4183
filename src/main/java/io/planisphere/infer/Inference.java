package io.planisphere.infer;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a {@link Session}'s network for one thread, through one reused input buffer: fill {@link #input}, then {@link #run}.
 *
 * <p>A batch that fails is halved repeatedly until the failing photo is alone, so the other photos keep their scores.
 */
public final class Inference implements AutoCloseable {
    private final Predictor<BatchTranslator.Batch, float[][]> predictor;
    private final ByteBuffer input;
    private final int slots;
    private final int perCall;
    private final int elements;

    /** A range of photos in the input buffer. */
    private record Window(int from, int to) {
        int photos() {
            return to - from;
        }
    }

    Inference(Model network, BatchTranslator tensors, int elements, int slots, int perCall) {
        this.slots = slots;
        this.perCall = perCall;
        this.elements = elements;
        // Allocated once per task: ONNX Runtime reads a direct buffer in place.
        this.input = ByteBuffer.allocateDirect(Math.multiplyExact(slots, elements));
        this.predictor = network.newPredictor(tensors);
    }

    /** Returns the buffer for {@link #slots} photos of 8-bit values, one tensor after the other. */
    public ByteBuffer input() {
        return input;
    }

    public int slots() {
        return slots;
    }

    /** Returns the number of values of one photo in {@link #input}. */
    public int elements() {
        return elements;
    }

    /**
     * Runs the network on the first {@code photos} photos in {@link #input}, and returns their results in order.
     *
     * @throws EngineFailure if the engine runs out of memory
     */
    public List<Inferred> run(int photos) {
        List<Inferred> results = new ArrayList<>(photos);
        for (int from = 0; from < photos; from += perCall) {
            run(new Window(from, Math.min(from + perCall, photos)), results);
        }
        return results;
    }

    private void run(Window window, List<Inferred> results) {
        try {
            ByteBuffer photos = input.slice(window.from * elements, window.photos() * elements);
            float[][] batch =
                    EngineCalls.make(() -> predictor.predict(new BatchTranslator.Batch(photos, window.photos())));
            for (int i = 0; i < window.photos(); i++) {
                float[][] values = new float[batch.length][];
                for (int output = 0; output < batch.length; output++) {
                    int width = batch[output].length / window.photos();
                    values[output] = Arrays.copyOfRange(batch[output], i * width, (i + 1) * width);
                }
                results.add(checked(values));
            }
        } catch (TranslateException e) {
            String message = Session.rootMessage(e);
            if (message.contains("bad_alloc") || message.contains("Failed to allocate memory")) {
                throw new EngineFailure("ONNX Runtime is out of memory: " + message, e);
            }
            if (window.photos() == 1) {
                results.add(new Inferred.Failed(message));
                return;
            }
            int middle = (window.from + window.to) / 2;
            run(new Window(window.from, middle), results);
            run(new Window(middle, window.to), results);
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
}
