package io.planisphere.mobilenet;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * MobileNet V2 (Sandler et al., arXiv 1801.04381, table 2): inverted residuals with ReLU6. Channels are multiples of eight; the
 * last layer keeps its 1280 in networks narrower than 1.
 */
public final class MobileNetV2 {
    private static final int FIRST_CHANNELS = 32;
    private static final int LAST_CHANNELS = 1280;

    /** A row of the table: expansion t, channels c, repetitions n, stride s of the first repetition. */
    private record Row(int expansion, int channels, int repetitions, int stride) {}

    private static final List<Row> ROWS = List.of(
            new Row(1, 16, 1, 1),
            new Row(6, 24, 2, 2),
            new Row(6, 32, 3, 2),
            new Row(6, 64, 4, 2),
            new Row(6, 96, 3, 1),
            new Row(6, 160, 3, 2),
            new Row(6, 320, 1, 1));

    private MobileNetV2() {}

    public static Architecture of(double width, int resolution) {
        Widths widths = Widths.check(width, resolution);
        Convolution stem = Convolution.full(3, widths.divisible(FIRST_CHANNELS), 3, 2, resolution);
        List<Block> blocks = new ArrayList<>(List.of(Block.plain("stem", List.of(relu6("stem", stem)))));
        int channels = stem.outputs();
        int size = stem.outputSize();
        for (Row row : ROWS) {
            for (int i = 0; i < row.repetitions(); i++) {
                Inverted inverted = new Inverted(
                        channels * row.expansion(),
                        widths.divisible(row.channels()),
                        3,
                        i == 0 ? row.stride() : 1,
                        false,
                        Nonlinearity.RELU6);
                blocks.add(inverted.block("block" + blocks.size(), channels, size));
                channels = inverted.outputs();
                size = inverted.outputSize(size);
            }
        }
        Convolution top = Convolution.full(channels, widths.divisibleUnlessNarrow(LAST_CHANNELS), 1, 1, size);
        blocks.add(Block.plain("top", List.of(relu6("top", top))));
        return new Architecture("mobilenet-v2", width, resolution, blocks, OptionalInt.empty());
    }

    private static Layer relu6(String name, Convolution convolution) {
        return new Layer.Normalised(name, convolution, Nonlinearity.RELU6);
    }
}
