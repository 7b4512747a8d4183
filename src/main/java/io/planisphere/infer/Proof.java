package io.planisphere.infer;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.model.Golden;
import io.planisphere.model.ModelPackage;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/** Checks a network, with the input that its package declares, against the package's golden vectors. */
public final class Proof {
    private Proof() {}

    /** @throws EngineFailure if its outputs differ */
    static void of(Model network, ModelPackage model) {
        for (Golden golden : model.goldens()) {
            float[] output = output(network, model, golden.output());
            for (int i = 0; i < output.length; i++) {
                double expected = golden.values().get(i);
                if (!(Math.abs(output[i] - expected) <= golden.tolerance())) {
                    throw new EngineFailure(String.format(
                            Locale.ROOT,
                            "The network of %s fails its golden vector: %s[%d] is %s instead of %s; its"
                                    + " scores cannot be trusted on this machine",
                            model.location(),
                            golden.output(),
                            i,
                            output[i],
                            expected));
                }
            }
        }
    }

    /**
     * Returns the output of the package's network for the input of golden vectors.
     *
     * @throws EngineFailure if it cannot be opened, or fails
     */
    public static float[] output(ModelPackage model, String name) {
        try (Model network = Session.load(model, model.model(), new Processor.Cpu(1))) {
            return output(network, model, name);
        }
    }

    private static float[] output(Model network, ModelPackage model, String name) {
        BatchTranslator tensors = new BatchTranslator(model.input(), List.of(name), model.preprocessing());
        try (Predictor<BatchTranslator.Batch, float[][]> predictor = network.newPredictor(tensors)) {
            return EngineCalls.make(() -> predictor.predict(new BatchTranslator.Batch(ramp(model), 1)))[0];
        } catch (TranslateException e) {
            throw new EngineFailure(
                    "The network of %s fails on its golden vector's input: %s"
                            .formatted(model.location(), Session.rootMessage(e)),
                    e);
        }
    }

    private static Buffer ramp(ModelPackage model) {
        int elements = model.preprocessing().elements();
        if (model.preprocessing().element() == Element.UINT8) {
            return ByteBuffer.allocateDirect(elements).put(0, Golden.byteRamp(elements));
        }
        return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(0, Golden.ramp(elements));
    }
}
