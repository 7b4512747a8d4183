package io.planisphere.infer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCallsTest {
    @TempDir
    private Path folder = Path.of("");

    /** Else a photo whose answer came too late would get a row that calls it at fault, and the process would leave a crash report. */
    @Test
    void aJvmThatEndsWhilePhotosAreScoredFailsNone() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-XX:ErrorFile=" + folder.resolve("crash")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(EndingJvm.class.getName(), "builtin:earth"));
        Path log = folder.resolve("log");

        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).doesNotContain("failed");
    }
}
