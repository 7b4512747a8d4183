package io.planisphere.mobilenet;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * MobileNet V3 (Howard et al., arXiv 1905.02244, tables 1 and 2): inverted residuals with squeeze-and-excite and hard swish, and
 * a hidden layer after pooling. Channels are multiples of eight; the hidden layer keeps its units in networks narrower than 1.
 */
public final class MobileNetV3 {
    private static final int FIRST_CHANNELS = 16;

    /** A row of the tables: kernel, expansion size, channels, squeeze-and-excite, nonlinearity, stride. */
    private record Row(
            int kernel, int expansion, int channels, boolean squeezes, Nonlinearity nonlinearity, int stride) {}

    private static final List<Row> LARGE = List.of(
            plain(3, 16, 16, Nonlinearity.RELU, 1),
            plain(3, 64, 24, Nonlinearity.RELU, 2),
            plain(3, 72, 24, Nonlinearity.RELU, 1),
            squeezing(5, 72, 40, Nonlinearity.RELU, 2),
            squeezing(5, 120, 40, Nonlinearity.RELU, 1),
            squeezing(5, 120, 40, Nonlinearity.RELU, 1),
            plain(3, 240, 80, Nonlinearity.HARD_SWISH, 2),
            plain(3, 200, 80, Nonlinearity.HARD_SWISH, 1),
            plain(3, 184, 80, Nonlinearity.HARD_SWISH, 1),
            plain(3, 184, 80, Nonlinearity.HARD_SWISH, 1),
            squeezing(3, 480, 112, Nonlinearity.HARD_SWISH, 1),
            squeezing(3, 672, 112, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 672, 160, Nonlinearity.HARD_SWISH, 2),
            squeezing(5, 960, 160, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 960, 160, Nonlinearity.HARD_SWISH, 1));

    private static final List<Row> SMALL = List.of(
            squeezing(3, 16, 16, Nonlinearity.RELU, 2),
            plain(3, 72, 24, Nonlinearity.RELU, 2),
            plain(3, 88, 24, Nonlinearity.RELU, 1),
            squeezing(5, 96, 40, Nonlinearity.HARD_SWISH, 2),
            squeezing(5, 240, 40, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 240, 40, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 120, 48, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 144, 48, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 288, 96, Nonlinearity.HARD_SWISH, 2),
            squeezing(5, 576, 96, Nonlinearity.HARD_SWISH, 1),
            squeezing(5, 576, 96, Nonlinearity.HARD_SWISH, 1));

    private MobileNetV3() {}

    public static Architecture large(double width, int resolution) {
        return network("mobilenet-v3-large", width, resolution, LARGE, 960, 1280);
    }

    public static Architecture small(double width, int resolution) {
        return network("mobilenet-v3-small", width, resolution, SMALL, 576, 1024);
    }

    private static Row plain(int kernel, int expansion, int channels, Nonlinearity nonlinearity, int stride) {
        return new Row(kernel, expansion, channels, false, nonlinearity, stride);
    }

    private static Row squeezing(int kernel, int expansion, int channels, Nonlinearity nonlinearity, int stride) {
        return new Row(kernel, expansion, channels, true, nonlinearity, stride);
    }

    private static Architecture network(
            String name, double width, int resolution, List<Row> rows, int topChannels, int hidden) {
        Widths widths = Widths.check(width, resolution);
        Convolution stem = Convolution.full(3, widths.divisible(FIRST_CHANNELS), 3, 2, resolution);
        List<Block> blocks = new ArrayList<>(List.of(Block.plain("stem", List.of(swish("stem", stem)))));
        int channels = stem.outputs();
        int size = stem.outputSize();
        for (Row row : rows) {
            Inverted inverted = new Inverted(
                    widths.divisible(row.expansion()),
                    widths.divisible(row.channels()),
                    row.kernel(),
                    row.stride(),
                    row.squeezes(),
                    row.nonlinearity());
            blocks.add(inverted.block("block" + blocks.size(), channels, size));
            channels = inverted.outputs();
            size = inverted.outputSize(size);
        }
        Convolution top = Convolution.full(channels, widths.divisible(topChannels), 1, 1, size);
        blocks.add(Block.plain("top", List.of(swish("top", top))));
        return new Architecture(name, width, resolution, blocks, OptionalInt.of(widths.divisibleUnlessNarrow(hidden)));
    }

    private static Layer swish(String name, Convolution convolution) {
        return new Layer.Normalised(name, convolution, Nonlinearity.HARD_SWISH);
    }
}
