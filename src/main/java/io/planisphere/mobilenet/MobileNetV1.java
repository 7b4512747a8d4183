package io.planisphere.mobilenet;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * MobileNet V1 (Howard et al., arXiv 1704.04861, table 1): a full convolution, then thirteen depthwise separable blocks. Every
 * convolution is 3 x 3 or 1 x 1; batch norm and ReLU follow each. A layer has {@code max(floor(d · α), 8)} channels where the
 * table has d.
 */
public final class MobileNetV1 {
    private static final int FIRST_CHANNELS = 32;
    private static final int MIN_CHANNELS = 8;

    /**
     * A pair of rows in the table.
     *
     * @param stride stride of the depthwise layer
     * @param channels channels of the pointwise layer
     */
    private record Row(int stride, int channels) {}

    // The paper has stride 2 in the last row, which contradicts its own sizes.
    private static final List<Row> ROWS = List.of(
            new Row(1, 64),
            new Row(2, 128),
            new Row(1, 128),
            new Row(2, 256),
            new Row(1, 256),
            new Row(2, 512),
            new Row(1, 512),
            new Row(1, 512),
            new Row(1, 512),
            new Row(1, 512),
            new Row(1, 512),
            new Row(2, 1024),
            new Row(1, 1024));

    private MobileNetV1() {}

    public static Architecture of(double width, int resolution) {
        return separable("mobilenet-v1", width, resolution, ROWS);
    }

    /** Returns the network without the five layers of 14 x 14 x 512 (table 5). */
    public static Architecture shallow(double width, int resolution) {
        List<Row> rows = new ArrayList<>(ROWS);
        rows.subList(6, 11).clear();
        return separable("mobilenet-v1-shallow", width, resolution, rows);
    }

    /** Returns the network with a full 3 x 3 convolution instead of each depthwise separable block (table 4). */
    public static Architecture convolutional(double width, int resolution) {
        Widths widths = Widths.check(width, resolution);
        Convolution last = stem(widths, resolution);
        List<Block> blocks = new ArrayList<>(List.of(Block.plain("stem", List.of(relu("stem", last)))));
        for (Row row : ROWS) {
            String name = "block" + blocks.size();
            last = Convolution.full(
                    last.outputs(), widths.floored(row.channels(), MIN_CHANNELS), 3, row.stride(), last.outputSize());
            blocks.add(Block.plain(name, List.of(relu(name, last))));
        }
        return new Architecture("mobilenet-v1-conv", width, resolution, blocks, OptionalInt.empty());
    }

    private static Architecture separable(String name, double width, int resolution, List<Row> rows) {
        Widths widths = Widths.check(width, resolution);
        Convolution last = stem(widths, resolution);
        List<Block> blocks = new ArrayList<>(List.of(Block.plain("stem", List.of(relu("stem", last)))));
        for (Row row : rows) {
            String block = "block" + blocks.size();
            Convolution depthwise = Convolution.depthwise(last.outputs(), 3, row.stride(), last.outputSize());
            last = Convolution.full(
                    depthwise.outputs(), widths.floored(row.channels(), MIN_CHANNELS), 1, 1, depthwise.outputSize());
            blocks.add(Block.plain(
                    block, List.of(relu(block + ".depthwise", depthwise), relu(block + ".pointwise", last))));
        }
        return new Architecture(name, width, resolution, blocks, OptionalInt.empty());
    }

    private static Convolution stem(Widths widths, int resolution) {
        return Convolution.full(3, widths.floored(FIRST_CHANNELS, MIN_CHANNELS), 3, 2, resolution);
    }

    private static Layer relu(String name, Convolution convolution) {
        return new Layer.Normalised(name, convolution, Nonlinearity.RELU);
    }
}
