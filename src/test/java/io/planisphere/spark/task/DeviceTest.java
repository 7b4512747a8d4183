package io.planisphere.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.infer.EngineFailure;
import io.planisphere.source.InputException;
import io.planisphere.spark.LocalSpark;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {
    private static final SparkSession SPARK = LocalSpark.session();

    @Test
    void theCpuIsAlwaysAvailable() {
        assertThatCode(() -> Device.CPU.require(SPARK.sparkContext())).doesNotThrowAnyException();
    }

    @Test
    void withoutAssignedGpusTheErrorNamesTheOptionsToSet() {
        assertThatThrownBy(() -> Device.GPU.require(SPARK.sparkContext()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--device gpu is not available here:\nMaster local[8] assigns no GPUs to tasks")
                .hasMessageContaining("--conf spark.executor.resource.gpu.amount=1")
                .hasMessageContaining("--conf spark.task.resource.gpu.amount=1")
                .hasMessageContaining("spark.executor.resource.gpu.discoveryScript=SCRIPT")
                .hasMessageContaining("docs/gpu.md");
    }

    @Test
    void aTaskWithoutAGpuFailsInsteadOfUsingTheCpu() {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(SPARK.sparkContext());

        assertThatThrownBy(() -> context.parallelize(List.of(1), 1)
                        .map(i -> Device.GPU.processor(TaskContext.get()).toString())
                        .collect())
                .hasStackTraceContaining(
                        EngineFailure.class.getName() + ": Spark assigns no GPU to tasks; give -- --conf");
    }

    @Test
    void eachTaskGetsTheGpuThatSparkAssignsToIt(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(
                folder.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\", \"5\"]}'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path result = folder.resolve("result");
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(AssignedGpus.class.getName(), script.toString(), result.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment()
                .put("SPARK_HOME", Path.of("target/spark").toAbsolutePath().toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");

        Process job = builder.start();

        assertThat(job.waitFor(10, TimeUnit.MINUTES)).as("the job ended").isTrue();
        assertThat(job.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
        assertThat(Files.readAllLines(result))
                .containsExactlyInAnyOrder("Gpu[address=3] and Cpu[threads=1]", "Gpu[address=5] and Cpu[threads=1]");
    }
}
