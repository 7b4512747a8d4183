package io.planisphere.spark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The most memory this process held, heap and native, as Linux counts it; other systems say nothing. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** Begins to look for the most anew, where the system lets us. */
    static void forget() {
        try {
            Files.writeString(RESET, "5");
        } catch (IOException e) {
            return; // then the peak is that of the whole process
        }
    }

    /** Bytes. */
    static OptionalLong peak() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }
}
