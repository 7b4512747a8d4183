package io.planisphere.mobilenet;

import java.util.ArrayList;
import java.util.List;

/**
 * MobileNet V1 as data (Howard et al., arXiv 1704.04861, table 1): a full convolution, then thirteen depthwise separable
 * blocks. Every convolution is 3 x 3 with one pixel of padding, or 1 x 1 without; batch norm and ReLU follow each.
 *
 * @param widthMultiplier α; each layer has {@code max(floor(d · α), 8)} channels where the table has d
 * @param resolution pixels on each side of the input
 */
public record MobileNetV1(double widthMultiplier, int resolution) {
    private static final int INPUT_CHANNELS = 3;
    private static final int FIRST_CHANNELS = 32;
    private static final int MIN_CHANNELS = 8;

    // Stride and channels of each block. The paper prints stride 2 in the last one, which its own sizes contradict.
    private static final int[][] BLOCKS = {
        {1, 64}, {2, 128}, {1, 128}, {2, 256}, {1, 256}, {2, 512}, {1, 512}, {1, 512}, {1, 512}, {1, 512}, {1, 512},
        {2, 1024}, {1, 1024}
    };

    public MobileNetV1 {
        if (!(widthMultiplier > 0)) {
            throw new IllegalArgumentException("Width multiplier must be over 0, got " + widthMultiplier);
        }
        if (resolution < 1) {
            throw new IllegalArgumentException("Resolution must be at least 1 pixel, got " + resolution);
        }
    }

    /** The 27 convolutions of the body in data order. */
    public List<Convolution> body() {
        List<Convolution> body = new ArrayList<>();
        int channels = width(FIRST_CHANNELS);
        Convolution last = Convolution.full(INPUT_CHANNELS, channels, 3, 2, resolution);
        body.add(last);
        for (int[] block : BLOCKS) {
            last = Convolution.depthwise(channels, 3, block[0], last.outputSize());
            body.add(last);
            last = Convolution.full(channels, width(block[1]), 1, 1, last.outputSize());
            body.add(last);
            channels = width(block[1]);
        }
        return List.copyOf(body);
    }

    /** Length of the embedding: the channels that are left after the average over the last layer's pixels. */
    public int embeddingWidth() {
        return width(BLOCKS[BLOCKS.length - 1][1]);
    }

    /** Convolution weights of the body, as the paper counts: without batch norm and without the classifier. */
    public long bodyParameters() {
        return body().stream().mapToLong(Convolution::parameters).sum();
    }

    /** Multiply-adds of the body's convolutions for one image. */
    public long bodyMultiplyAdds() {
        return body().stream().mapToLong(Convolution::multiplyAdds).sum();
    }

    private int width(int tableChannels) {
        return Math.max((int) Math.floor(tableChannels * widthMultiplier), MIN_CHANNELS);
    }
}
