package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how jobs/submit.sh sets the locale, with a spark-submit that only checks for the folder in its argument. */
class SubmitLocaleTest {
    private static final String LAYOUT = """
            mkdir -p jobs target spark/bin
            cp "$1" jobs/submit.sh
            touch target/planisphere.jar
            printf '#!/usr/bin/env bash\\nexec "%s" -cp "%s" \\047%s\\047 "${@: -1}"\\n' "$2" "$3" "$4" > spark/bin/spark-submit
            chmod +x spark/bin/spark-submit
            mkdir -p "$(printf 'f\\303\\266\\303\\266')"
            LC_ALL=$5 SPARK_HOME=$PWD/spark jobs/submit.sh locate --input "$(printf 'f\\303\\266\\303\\266')"
            """;

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"})
    void nonAsciiPathsAreReadInEveryLocale(String locale, @TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        "bash",
                        "-euc",
                        LAYOUT,
                        "bash",
                        Path.of("jobs/submit.sh").toAbsolutePath().toString(),
                        ProcessHandle.current().info().command().orElse("java"),
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        Exists.class.getName(),
                        locale)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(output)).contains("is a folder: true");
    }

    /** Prints whether its argument is a folder. */
    static final class Exists {
        private Exists() {}

        public static void main(String[] args) {
            System.out.println("is a folder: " + Files.isDirectory(Path.of(args[0])));
        }
    }
}
