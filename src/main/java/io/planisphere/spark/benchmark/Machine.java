package io.planisphere.spark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Describes the machine of a measurement. */
final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    /** Instruction sets that networks use, in order of speed. */
    private static final List<String> INSTRUCTIONS = List.of("avx2", "avx512f", "avx512_vnni", "amx_int8", "asimddp");

    private Machine() {}

    /** Returns the processor, its instruction sets, operating system and Java version, on one line. */
    static String description() {
        String system =
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", Java " + Runtime.version();
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            List<String> processor = lines.limit(60).toList();
            String name = processor.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*:\\s*", "") + ", ")
                    .findFirst()
                    .orElse("");
            List<String> flags = processor.stream()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .flatMap(line -> Stream.of(line.split("\\s+")))
                    .filter(INSTRUCTIONS::contains)
                    .distinct()
                    .toList();
            return name + String.join(" ", flags) + ", " + system;
        } catch (IOException e) {
            return system;
        }
    }
}
