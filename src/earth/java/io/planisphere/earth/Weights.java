package io.planisphere.earth;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.planisphere.mobilenet.TrainedMobileNetV1;
import io.planisphere.onnx.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/** Takes the weights out of the trained block, in the order of the network's layers. */
final class Weights {
    private Weights() {}

    static TrainedMobileNetV1 of(SequentialBlock network) {
        List<Block> convolutions = children(network, Conv2d.class);
        List<Block> norms = children(network, BatchNorm.class);
        Block head = children(network, Linear.class).get(0);
        List<TrainedMobileNetV1.Layer> body = new ArrayList<>();
        for (int i = 0; i < convolutions.size(); i++) {
            body.add(new TrainedMobileNetV1.Layer(tensor(convolutions.get(i), "weight"), norm(norms.get(i))));
        }
        return new TrainedMobileNetV1(Network.SHAPE, body, tensor(head, "weight"), tensor(head, "bias"));
    }

    private static List<Block> children(SequentialBlock network, Class<? extends Block> kind) {
        return network.getChildren().values().stream().filter(kind::isInstance).toList();
    }

    private static io.planisphere.mobilenet.BatchNorm norm(Block block) {
        return new io.planisphere.mobilenet.BatchNorm(
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
