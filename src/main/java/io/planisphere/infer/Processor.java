package io.planisphere.infer;

/** What a network runs on. Sessions on different ones are different sessions. */
public sealed interface Processor {
    /**
     * The machine's own cores.
     *
     * @param threads of the engine for one call; {@code spark.task.cpus}
     */
    record Cpu(int threads) implements Processor {
        public Cpu {
            if (threads < 1) {
                throw new IllegalArgumentException("Threads must be at least 1, got " + threads);
            }
        }
    }

    /**
     * A graphics card, through CUDA.
     *
     * @param address its number as CUDA counts in this process, from 0
     */
    record Gpu(int address) implements Processor {
        public Gpu {
            if (address < 0) {
                throw new IllegalArgumentException("Address of a GPU must be at least 0, got " + address);
            }
        }
    }
}
