package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Third-party Parquet readers in Python, in a virtual environment below {@code target}. */
final class PythonReaders {
    private static final Path ENVIRONMENT = Path.of("target/readers/python");
    private static final List<String> PACKAGES = List.of("pandas==3.1.1", "pyarrow==26.0.1", "duckdb==2.0.1");

    private PythonReaders() {}

    /** Installs the readers. Without Python or a package index, the tests are skipped, except in CI, where they fail. */
    static synchronized void install() throws Exception {
        Path done = ENVIRONMENT.resolve(String.join(",", PACKAGES));
        if (Files.exists(done)) {
            return;
        }
        List<String> packages = new ArrayList<>(List.of(python(), "-m", "pip", "install", "-q"));
        packages.addAll(PACKAGES);
        boolean isThere = succeeds(List.of("python3", "-m", "venv", ENVIRONMENT.toString())) && succeeds(packages);
        Required.require(isThere, "there is no Python 3 with venv, or " + PACKAGES + " cannot be installed");
        Files.createFile(done);
    }

    /**
     * Returns the rows of an output of {@code locate}, one per line.
     *
     * @param reader {@code pandas} or {@code duckdb}
     */
    static List<String> rows(String reader, Path output) throws Exception {
        Path complaints = Files.createTempFile("python", ".log");
        Process process = new ProcessBuilder(
                        python(), "src/test/resources/io/planisphere/jobs/read_rows.py", reader, output.toString())
                .redirectError(complaints.toFile())
                .start();
        process.getOutputStream().close();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("exit code of %s: %s", reader, Files.readString(complaints))
                .isZero();
        Files.delete(complaints);
        return stdout.lines().toList();
    }

    private static String python() {
        return ENVIRONMENT.resolve("bin/python").toString();
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // the program is not installed
        }
    }
}
