package io.planisphere.earth;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import java.util.LinkedHashMap;
import java.util.Map;

/** The exponential running mean of every weight and of the batch norms' statistics. */
final class WeightAverage implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Map<Parameter, NDArray> means = new LinkedHashMap<>();

    WeightAverage(SequentialBlock network) {
        network.getParameters().values().forEach(parameter -> {
            NDArray mean = parameter.getArray().duplicate();
            mean.attach(manager);
            means.put(parameter, mean);
        });
    }

    /** Moves every mean towards the present weight by the given share of the difference. */
    void add(double share) {
        means.forEach((parameter, mean) -> {
            try (NDArray step = parameter.getArray().sub(mean)) {
                step.muli(share);
                mean.addi(step);
            }
        });
    }

    /** Replaces the network's weights by their means. */
    void intoNetwork() {
        means.forEach((parameter, mean) -> mean.copyTo(parameter.getArray()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
