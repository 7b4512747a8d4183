package io.planisphere.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.ModelPackage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In two JVMs one after the other, because a JVM loads the libraries only once. */
class EngineLibrariesTest {
    @Test
    void twoProcessesUseTheSameUnpackedLibrariesAndLeaveNothingBehind(@TempDir Path folder) throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path cache = folder.resolve("cache");

        String first = run(temporary, cache);
        Path library = Path.of(first).resolve(System.mapLibraryName("onnxruntime"));
        assertThat(library).startsWith(cache.toRealPath());
        assertThat(Files.mismatch(library, unpackedBy(folder))).isEqualTo(-1);
        Object unpacked = Files.getLastModifiedTime(library);

        assertThat(run(temporary, cache)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpacked);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(each -> each.getFileName().toString().startsWith("onnxruntime")))
                    .isEmpty();
        }
    }

    /** Opens a network in a new JVM and returns the folder of the libraries that it used. */
    private static String run(Path temporary, Path cache) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        Opens.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().reduce((before, last) -> last).orElseThrow();
    }

    private static Path unpackedBy(Path folder) throws Exception {
        Path copy = folder.resolve("copy");
        String name = "/ai/onnxruntime/native/linux-"
                + (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64") + "/libonnxruntime.so";
        try (InputStream library = Objects.requireNonNull(EngineLibrariesTest.class.getResourceAsStream(name))) {
            Files.copy(library, copy);
        }
        return copy;
    }

    /** Opens one network. */
    static final class Opens {
        private Opens() {}

        public static void main(String[] args) throws Exception {
            Session.open(ModelPackage.open("builtin:face-attributes", new Configuration()), 1)
                    .close();
            System.out.println(System.getProperty("onnxruntime.native.path"));
        }
    }
}
