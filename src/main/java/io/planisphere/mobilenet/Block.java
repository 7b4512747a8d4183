package io.planisphere.mobilenet;

import java.util.List;

/**
 * A sequence of layers.
 *
 * @param isResidual whether the block's input is added to its last layer's output
 */
public record Block(String name, List<Layer> layers, boolean isResidual) {
    public Block {
        layers = List.copyOf(layers);
    }

    static Block plain(String name, List<Layer> layers) {
        return new Block(name, layers, false);
    }

    static Block residual(String name, List<Layer> layers) {
        return new Block(name, layers, true);
    }
}
