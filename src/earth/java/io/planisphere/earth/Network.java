package io.planisphere.earth;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.Convolution;
import io.planisphere.mobilenet.Layer;
import io.planisphere.mobilenet.MobileNetV1;

/** The network as a DJL block: the body of a MobileNet V1, the mean over its last pixels, a linear layer. */
final class Network {
    static final Architecture SHAPE = MobileNetV1.of(0.25, 128);
    static final float BATCH_NORM_EPSILON = 1e-3f;

    // DJL's momentum is the share of the old mean that stays at each step.
    private static final float BATCH_NORM_MOMENTUM = 0.97f;

    private Network() {}

    static SequentialBlock block(int classes) {
        SequentialBlock network = new SequentialBlock();
        for (Layer.Normalised layer : SHAPE.convolutions()) {
            Convolution convolution = layer.convolution();
            network.add(Conv2d.builder()
                            .setFilters(convolution.outputs())
                            .setKernelShape(new Shape(convolution.kernel(), convolution.kernel()))
                            .optStride(new Shape(convolution.stride(), convolution.stride()))
                            .optPadding(new Shape(convolution.padding(), convolution.padding()))
                            .optGroups(convolution.groups())
                            .optBias(false)
                            .build())
                    .add(BatchNorm.builder()
                            .optEpsilon(BATCH_NORM_EPSILON)
                            .optMomentum(BATCH_NORM_MOMENTUM)
                            .build())
                    .add(Activation::relu);
        }
        return network.add(Pool.globalAvgPool2dBlock())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(classes).build());
    }
}
