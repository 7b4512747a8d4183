package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of the README and of the page on training unchanged, in a folder that has their inputs. */
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("(?:^    .*\n)+", Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("(jobs/|src/|mvn |export |# \\d[.] ).*", Pattern.DOTALL);
    private static final String CLUSTER = "--master yarn";

    private Path folder = Path.of("");
    private ReadmeFolder inputs;

    @BeforeEach
    void writeInputs(@TempDir Path temporary) throws IOException {
        folder = temporary;
        inputs = ReadmeFolder.written(folder);
    }

    @Test
    void theGateRunsTheQuickStartCommands() throws IOException {
        List<String> gate = Files.readAllLines(Path.of(".ci/run"));

        assertThat(commands().get(0).lines().map(line -> line.replaceAll("  +#.*", "")))
                .containsExactly("jobs/quickstart.sh", "mvn -B verify")
                .allMatch(gate::contains);
    }

    @Test
    void everyOtherCommandRunsUnchanged() throws Exception {
        List<String> others = commands().subList(1, commands().size());

        assertThat(others).hasSizeGreaterThanOrEqualTo(5);
        for (String block : others) {
            if (!block.contains(CLUSTER)) {
                run(block, Map.of());
            }
        }

        assertThat(Rows.of(folder + "/labels"))
                .hasSize(ReadmeFolder.SAMPLES)
                .allMatch(row -> row.contains("\"status\":\"ok\""));
        assertThat(folder.resolve("shards")).isDirectoryRecursivelyContaining("glob:**.tar");
        assertThatThePackageLocates();
        assertThat(folder.resolve("work/scores/metrics.json")).content().contains("continent");
        assertThat(Rows.of(folder + "/faces")).hasSize(ReadmeFolder.SAMPLES);
        assertThat(folder.resolve("faces-table")).isDirectory();
    }

    @Test
    void theCommandsOfTrainingRunUnchanged() throws Exception {
        List<String> blocks = commands("docs/training.md");

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);
        for (String block : blocks) {
            run(block, Map.of());
        }

        assertThatThePackageLocates();
        assertThat(folder.resolve("work/labels/config.json")).content().contains("North America");
    }

    private void assertThatThePackageLocates() throws Exception {
        assertThat(Rows.of(folder + "/work/located"))
                .hasSize(ReadmeFolder.SAMPLES)
                .allMatch(row -> row.contains("\"cell\""));
    }

    @Test
    void theClusterCommandRunsUnchangedOnYarnAndS3() throws Exception {
        String block = commands().stream()
                .filter(text -> text.contains(CLUSTER))
                .findFirst()
                .orElseThrow();
        try (S3Server s3 = new S3Server(folder, "bucket");
                YarnCluster yarn = new YarnCluster(folder.resolve("yarn"))) {
            inputs.copyTarsTo("s3a://bucket/shards", S3Server.configuration(s3.endpoint()));
            inputs.addDefaults(clusterDefaults(s3));
            Map<String, String> environment = new HashMap<>(yarn.environment());
            environment.merge("SPARK_DIST_CLASSPATH", S3Server.jars(), (half, store) -> half + ":" + store);

            String output = run(block.replace("/opt/spark", Installed.spark().toString()), environment);

            assertThat(output).contains("36 photos labelled", "36 photos, 36 rows");
        }
    }

    private static List<String> commands() throws IOException {
        return commands("README.md");
    }

    /** Returns the blocks of commands of a document, in their order. */
    private static List<String> commands(String document) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of(document)))
                .results()
                .map(MatchResult::group)
                .map(text -> text.replaceAll("(?m)^    ", ""))
                .filter(text -> COMMAND.matcher(text).matches())
                .toList();
    }

    private String run(String block, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("SPARK_SCALA_VERSION", "2.13");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("PLANISPHERE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        Path log = Files.createTempFile(folder, "command", ".log");
        List<String> shell = List.of("bash", "-euo", "pipefail", "-c", "cd '%s'%n%s".formatted(folder, block));
        try (ServerProcess process = new ServerProcess(shell, environment, log)) {
            boolean ended = process.process().waitFor(4, TimeUnit.MINUTES);
            assertThat(ended).as("it ends:%n%s%n%s", block, process.output()).isTrue();
            assertThat(process.process().exitValue())
                    .as("exit code of%n%s%n%s", block, process.output())
                    .isZero();
            return process.output();
        }
    }

    /** Returns the settings that an operator configures once for all jobs. */
    private List<String> clusterDefaults(S3Server s3) {
        List<String> options = new ArrayList<>(List.of(YarnCluster.options(folder.resolve("staging"), "client")));
        options.addAll(List.of(S3Server.options(s3.endpoint())));
        // three executors of this size fit, independent of the number requested
        options.add("spark.executor.memory=1g");
        return options.stream()
                .filter(option -> option.startsWith("spark."))
                .filter(option -> !option.equals("spark.executor.memory=600m"))
                .map(option -> option.startsWith("spark.yarn.jars=") ? option + ",local:" + S3Server.jars() : option)
                .toList();
    }
}
