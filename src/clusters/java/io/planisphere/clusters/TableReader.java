package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads tables with third-party programs: the Python packages deltalake and pyiceberg, in a virtual environment. */
final class TableReader {
    private static final Path ENVIRONMENT = Path.of("target/tables/python");
    private static final List<String> PACKAGES = List.of("deltalake==1.6.6", "pyiceberg==0.12.0", "pyarrow==26.0.1");

    private TableReader() {}

    /** Returns the rows in the format of {@link TableProgram}'s response to {@code rows}. */
    static synchronized String rows(TableConnector connector, Path folder) throws Exception {
        String python = ENVIRONMENT.resolve("bin/python").toString();
        Path done = ENVIRONMENT.resolve(String.join(",", PACKAGES));
        if (!Files.exists(done)) {
            run("python3", "-m", "venv", ENVIRONMENT.toString());
            run(python, "-m", "pip", "install", "-q", PACKAGES.get(0), PACKAGES.get(1), PACKAGES.get(2));
            Files.createFile(done);
        }
        return run(
                        python,
                        "src/clusters/python/table_rows.py",
                        connector.name().toLowerCase(Locale.ROOT),
                        folder.toString())
                .strip();
    }

    private static String run(String... command) throws Exception {
        Path complaints = Files.createTempFile("python", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("exit code of %s:%n%s%s", List.of(command), output, Files.readString(complaints))
                .isZero();
        Files.delete(complaints);
        return output;
    }
}
