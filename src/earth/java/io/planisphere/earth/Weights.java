package io.planisphere.earth;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.Layer;
import io.planisphere.mobilenet.TrainedMobileNet;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes the weights out of the trained block, in the order of the network's layers. */
final class Weights {
    private Weights() {}

    static TrainedMobileNet of(SequentialBlock network) {
        List<Block> convolutions = children(network, Conv2d.class);
        List<Block> norms = children(network, BatchNorm.class);
        Block head = children(network, Linear.class).get(0);
        List<Layer.Normalised> layers = Network.SHAPE.convolutions();
        Map<String, TrainedMobileNet.Normalised> body = new HashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            body.put(
                    layers.get(i).name(),
                    new TrainedMobileNet.Normalised(tensor(convolutions.get(i), "weight"), norm(norms.get(i))));
        }
        FloatTensor bias = tensor(head, "bias");
        return new TrainedMobileNet(
                Network.SHAPE,
                (int) bias.shape()[0],
                body,
                Map.of(Architecture.LOGITS, new TrainedMobileNet.Dense(tensor(head, "weight"), bias)));
    }

    private static List<Block> children(SequentialBlock network, Class<? extends Block> kind) {
        return network.getChildren().values().stream().filter(kind::isInstance).toList();
    }

    private static Normalisation norm(Block block) {
        return new Normalisation(
                tensor(block, "gamma"),
                tensor(block, "beta"),
                tensor(block, "runningMean"),
                tensor(block, "runningVar"),
                Network.BATCH_NORM_EPSILON);
    }

    private static FloatTensor tensor(Block block, String parameter) {
        NDArray array = block.getParameters().get(parameter).getArray();
        return FloatTensor.of(array.toFloatArray(), array.getShape().getShape());
    }
}
