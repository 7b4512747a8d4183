package io.planisphere.infer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCallsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aJvmThatExitsWhileTheEngineUnpacksLeavesNoFiles() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path log = folder.resolve("log");
        Process process = start(log, "-Djava.io.tmpdir=" + temporary);
        while (unpacked(temporary).isEmpty()) {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        }

        process.destroy();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
        assertThat(process.exitValue()).as("exit code of SIGTERM").isEqualTo(143);
        assertThat(unpacked(temporary)).isEmpty();
    }

    private static List<Path> unpacked(Path temporary) throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.filter(path -> path.getFileName().toString().startsWith("onnxruntime"))
                    .toList();
        }
    }

    /**
     * Otherwise a photo whose prediction came too late would get a row that blames the photo, and the process would leave a
     * crash report.
     */
    @Test
    void aJvmThatExitsDuringInferenceFailsNoPhotoAndLeavesNoFiles() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path log = folder.resolve("log");

        Process process = start(log, "-Djava.io.tmpdir=" + temporary);

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).doesNotContain("failed");
        assertThat(unpacked(temporary)).isEmpty();
    }

    private Process start(Path log, String systemProperty) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of(systemProperty, "-Xmx512m", "-XX:ErrorFile=" + folder.resolve("crash")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(EndingJvm.class.getName(), "builtin:earth"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
