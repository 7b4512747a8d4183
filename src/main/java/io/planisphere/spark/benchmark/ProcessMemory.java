package io.planisphere.spark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The peak memory of this process, heap and native, as reported by Linux; not available on other systems. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** Resets the peak, if the system permits it. */
    static void forget() {
        try {
            Files.writeString(RESET, "5");
        } catch (IOException e) {
            return; // the peak is then that of the whole process lifetime
        }
    }

    /** Returns the peak in bytes. */
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
