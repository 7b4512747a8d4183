package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code jobs/*.sh} as processes, in a checkout where Java and Spark are replaced by scripts that start no JVM. */
class LauncherTest {
    /**
     * Prints like Spark's launcher: a line with a NUL, then the words of a command, which here prints its arguments line by
     * line.
     */
    private static final String LAUNCHER = "printf '\\0\\n'; printf '%s\\0' printf '%s\\n' started \"$@\"";

    private Path folder;
    private Path checkout;
    private Path home;
    private String output = "";
    private String complained = "";

    @BeforeEach
    void makeCheckout(@TempDir Path temporary) throws IOException {
        folder = temporary;
        checkout = temporary.resolve("my checkout");
        home = temporary.resolve("a Java");
        Files.createDirectories(checkout.resolve("jobs"));
        try (Stream<Path> scripts = Files.list(Path.of("jobs"))) {
            for (Path script : scripts.toList()) {
                Files.copy(script, checkout.resolve("jobs").resolve(script.getFileName()));
            }
        }
        Files.createFile(Files.createDirectory(checkout.resolve("conf")).resolve("spark-defaults.conf"));
        Files.createDirectories(checkout.resolve("target/spark/jars"));
        Files.createFile(checkout.resolve("target/planisphere.jar"));
    }

    @Test
    void theScriptExecutesTheCommandThatTheLauncherPrints() throws Exception {
        java(LAUNCHER);

        assertThat(locate("--input", "a  b", "--name", "", "it's \"[1]\"\n*", "--", "--master", "local[2]"))
                .isZero();

        assertThat(output)
                .startsWith("started\n-cp\n" + checkout + "/target/spark/jars/*\n")
                .contains("\n--master\nlocal[2]\n--class\nio.planisphere.Main\n" + checkout
                        + "/target/planisphere.jar\nlocate\n--input\na  b\n--name\n\nit's \"[1]\"\n*\n");
        assertThat(complained).isEmpty();
    }

    @Test
    void theLauncherRunsOnceForTheSameOptionsAndConfiguration() throws Exception {
        Path runs = folder.resolve("runs");
        java("echo >>'" + runs + "'; " + LAUNCHER);

        assertThat(locate("--input", "a  b")).isZero();
        assertThat(locate("--output", "")).isZero();
        assertThat(output).startsWith("started\n").endsWith("/target/planisphere.jar\nlocate\n--output\n\n");
        assertThat(Files.readAllLines(runs)).hasSize(1);

        assertThat(locate("--output", "", "--", "--conf", "a=b")).isZero();
        assertThat(output).contains("\n--conf\na=b\n");
        assertThat(Files.readAllLines(runs)).hasSize(2);

        Files.writeString(checkout.resolve("conf/spark-defaults.conf"), "spark.driver.memory 1g\n");
        assertThat(locate()).isZero();
        assertThat(Files.readAllLines(runs)).hasSize(3);

        assertThat(run(Map.of("JAVA_HOME", home.toString(), "SPARK_DRIVER_MEMORY", "2g"), "locate.sh"))
                .isZero();
        assertThat(Files.readAllLines(runs)).hasSize(4);

        // whose content may change
        for (int i = 5; i < 7; i++) {
            assertThat(locate("--", "--properties-file", "some.conf")).isZero();
            assertThat(Files.readAllLines(runs)).hasSize(i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a command", "\0printf\0x\0"})
    void aDamagedKeptCommandIsNotExecuted(String damaged) throws Exception {
        java(LAUNCHER);
        assertThat(locate("a")).isZero();
        try (Stream<Path> kept = Files.list(checkout.resolve("target/start"))) {
            for (Path each : kept.toList()) {
                Files.writeString(each, damaged);
            }
        }

        assertThat(locate("b")).isZero();
        assertThat(output).startsWith("started\n").endsWith("\nlocate\nb\n");
    }

    @Test
    void theLauncherRunsEachTimeIfNothingCanBeKept() throws Exception {
        java(LAUNCHER);
        Files.createFile(checkout.resolve("target/start")); // so that no folder can be there

        for (int i = 0; i < 2; i++) {
            assertThat(locate("a")).isZero();
            assertThat(output).startsWith("started\n").endsWith("\nlocate\na\n");
            assertThat(complained).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"17.0.15, cds*=off", "25.0.1, 'cds*=off,aot*=off'"})
    void anArchiveOfClassesForThisJavaIsUsed(String version, String silent) throws Exception {
        java(LAUNCHER);
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"");
        Path archive = Files.createDirectories(checkout.resolve("target/start")).resolve("classes-" + version + ".jsa");

        assertThat(locate()).isZero();
        assertThat(output).doesNotContain("SharedArchiveFile");

        Files.createFile(archive);
        assertThat(locate()).isZero();
        assertThat(output).contains("\"-XX:SharedArchiveFile=" + archive + "\" -Xlog:" + silent + " ");
    }

    @Test
    void otherOutputOfJavaIsPassedOn() throws Exception {
        java("echo 'Picked up JAVA_TOOL_OPTIONS: -Xshare:auto' >&2; echo Listening; " + LAUNCHER);

        assertThat(locate()).isZero();

        assertThat(output).startsWith("Listening\nstarted\n");
        assertThat(complained).isEqualTo("Picked up JAVA_TOOL_OPTIONS: -Xshare:auto\n");
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        assertThat(locate()).isEqualTo(1);
        assertThat(complained)
                .isEqualTo("planisphere: JAVA_HOME is " + home + ", and no Java is there: " + home
                        + "/bin/java is no program; set JAVA_HOME to Java 17 or newer, or unset it\n");
    }

    @Test
    void aMissingJavaGivesOneLine() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("bash", "dirname", "readlink")) {
            Files.createSymbolicLink(tools.resolve(tool), program(tool));
        }

        assertThat(run(Map.of("JAVA_HOME", "", "PATH", tools.toString()), "locate.sh"))
                .isEqualTo(1);
        assertThat(complained)
                .isEqualTo("planisphere: no java is on the PATH; install Java 17 or newer, or set JAVA_HOME\n");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, 8", "11.0.2, 11", "16, 16"})
    void anOldJavaIsDetectedByItsReleaseFile(String version, String major) throws Exception {
        java("exit 99");
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"N\"\nJAVA_VERSION=\"" + version + "\"\r\nOS_NAME=\"L\"\n");

        assertThat(locate()).isEqualTo(1);
        assertThat(complained).isEqualTo(tooOld(major));
    }

    @ParameterizedTest
    @CsvSource({"17.0.15", "17", "21-ea", "25.0.1+8", "unknown"})
    void aNewEnoughJavaIsStarted(String version) throws Exception {
        java(LAUNCHER);
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"");

        assertThat(locate()).isZero();
    }

    @Test
    void linksOnThePathAreResolvedToTheReleaseFileOfJava() throws Exception {
        java("exit 99");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"");
        Path links = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("java"), home.resolve("bin/java"));

        assertThat(run(Map.of("JAVA_HOME", "", "PATH", links + ":" + System.getenv("PATH")), "classify.sh"))
                .isEqualTo(1);
        assertThat(complained).contains("Java 17 or newer is needed, and " + links + "/java is Java 11;");
    }

    // the messages of Java 8 and 11, once with an agent's options and once without
    @ParameterizedTest
    @CsvSource({
        "'Error: A JNI error has occurred, please check your installation and try again', 52, 8",
        "'Picked up JAVA_TOOL_OPTIONS: -Dx=y\nError: LinkageError occurred while loading main class M', 55, 11"
    })
    void anOldJavaWithoutAReleaseFileIsDetectedByItsMessage(String first, int classFiles, String major)
            throws Exception {
        java("cat >&2 <<'END'\n" + first + "\n"
                + "Exception in thread \"main\" java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main has been"
                + " compiled by a more recent version of the Java Runtime (class file version 61.0), this version of the Java"
                + " Runtime only recognizes class file versions up to " + classFiles + ".0\n"
                + "\tat java.lang.ClassLoader.defineClass1(Native Method)\nEND\nexit 1");

        assertThat(locate()).isEqualTo(1);
        assertThat(complained).isEqualTo(tooOld(major));
    }

    @ParameterizedTest
    @CsvSource({
        "exit 7, 7",
        "exit 0, 0",
        "kill -KILL $$, 137",
        "printf '\\0\\nprintf\\0'; exit 1, 1",
        "printf '\\0\\nrm\\0-r'; kill -KILL $$, 137"
    })
    void nothingStartsIfTheLauncherEndsEarly(String behaviour, int code) throws Exception {
        java("echo 'Could not reserve enough space' >&2; " + behaviour);

        assertThat(locate()).isEqualTo(1);
        assertThat(output).isEmpty();
        assertThat(complained)
                .startsWith("Could not reserve enough space\n")
                .endsWith(
                        "planisphere: " + home + "/bin/java could not start Spark's launcher and ended with exit code "
                                + code + "; see if '" + home + "/bin/java -version' works\n");
    }

    @Test
    void anInstalledSparkIsUsedUnlessJavaIsTooOldForIt() throws Exception {
        Path spark = folder.resolve("installed spark");
        script(
                Files.createDirectories(spark.resolve("bin")).resolve("spark-submit"),
                "printf '%s\\n' submitted \"$@\"; exit 5");
        Map<String, String> environment = Map.of("JAVA_HOME", home.toString(), "SPARK_HOME", spark.toString());
        java("exit 99");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"");

        assertThat(run(environment, "locate.sh")).isEqualTo(1);
        assertThat(complained).isEqualTo(tooOld("11"));

        // which may set another Java
        Files.createFile(Files.createDirectories(spark.resolve("conf")).resolve("spark-env.sh"));
        assertThat(run(environment, "locate.sh", "--help", "--", "--master", "yarn"))
                .isEqualTo(5);
        assertThat(output)
                .isEqualTo("submitted\n--class\nio.planisphere.Main\n--master\nyarn\n" + checkout
                        + "/target/planisphere.jar\nlocate\n--help\n");
    }

    @Test
    void scriptsFindTheirCheckoutFromAnyFolder() throws Exception {
        java(LAUNCHER);
        Files.createDirectories(folder.resolve("elsewhere/jobs"));
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                home.toString(),
                "CDPATH",
                folder.resolve("elsewhere").toString());

        assertThat(run(checkout, environment, "jobs/locate.sh")).isZero();
        assertThat(output).contains("\n" + checkout + "/target/planisphere.jar\nlocate\n");
    }

    private String tooOld(String major) {
        return "planisphere: Java 17 or newer is needed, and " + home + "/bin/java is Java " + major
                + "; set JAVA_HOME to a newer one\n";
    }

    private void java(String behaviour) throws IOException {
        script(Files.createDirectories(home.resolve("bin")).resolve("java"), behaviour);
    }

    private static void script(Path file, String content) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + content + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private int locate(String... options) throws Exception {
        return run(Map.of("JAVA_HOME", home.toString()), "locate.sh", options);
    }

    private int run(Map<String, String> environment, String script, String... options) throws Exception {
        return run(folder, environment, checkout + "/jobs/" + script, options);
    }

    private int run(Path from, Map<String, String> environment, String script, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(List.of(options));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(from.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_CONF_DIR", "CDPATH", "JAVA_HOME"));
        process.environment().putAll(environment);
        Process running = process.start();
        assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
        output = Files.readString(out, StandardCharsets.UTF_8);
        complained = Files.readString(err, StandardCharsets.UTF_8);
        return running.exitValue();
    }
}
