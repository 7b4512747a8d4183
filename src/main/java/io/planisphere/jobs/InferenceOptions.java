package io.planisphere.jobs;

import picocli.CommandLine.Option;

/** Options of every job that runs a network over photos. */
final class InferenceOptions extends PhotoOptions {
    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "photos per call of the network; default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    private int batchSize;

    @Override
    void check(Problems problems) {
        super.check(problems);
        atLeastOne(problems, "--batch-size", batchSize);
    }

    @Override
    int batchSize() {
        return batchSize;
    }
}
