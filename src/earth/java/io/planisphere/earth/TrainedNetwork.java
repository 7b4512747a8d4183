package io.planisphere.earth;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.planisphere.mobilenet.TrainedMobileNet;
import java.io.IOException;
import java.nio.file.Path;

/** The network as training left it, in the engine that trained it. */
final class TrainedNetwork implements AutoCloseable {
    private final Model model;
    private final SequentialBlock network;

    private TrainedNetwork(Model model, SequentialBlock network) {
        this.model = model;
        this.network = network;
    }

    static TrainedNetwork load(Path run, int classes) throws IOException, MalformedModelException {
        Model model = Model.newInstance("earth", Device.cpu(), "PyTorch");
        SequentialBlock network = Network.block(classes);
        model.setBlock(network);
        model.load(run, Training.WEIGHTS);
        return new TrainedNetwork(model, network);
    }

    TrainedMobileNet weights() {
        return Weights.of(network);
    }

    /** The output for one input in NCHW order. */
    float[] logits(float[] input) throws TranslateException {
        int size = Network.SHAPE.resolution();
        try (NDManager manager = model.getNDManager().newSubManager();
                Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
            NDList image = new NDList(manager.create(input, new Shape(1, 3, size, size)));
            return predictor.predict(image).singletonOrThrow().toFloatArray();
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
