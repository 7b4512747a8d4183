package io.planisphere.infer;

/** The processor that a network runs on. Each processor has its own sessions. */
public sealed interface Processor {
    /**
     * The machine's CPU cores.
     *
     * @param threads engine threads per call; {@code spark.task.cpus}
     */
    record Cpu(int threads) implements Processor {
        public Cpu {
            if (threads < 1) {
                throw new IllegalArgumentException("Threads must be at least 1, got " + threads);
            }
        }
    }

    /**
     * A GPU, through CUDA.
     *
     * @param address CUDA device number in this process, from 0
     */
    record Gpu(int address) implements Processor {
        public Gpu {
            if (address < 0) {
                throw new IllegalArgumentException("Address of a GPU must be at least 0, got " + address);
            }
        }
    }
}
