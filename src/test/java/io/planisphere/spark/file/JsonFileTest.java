package io.planisphere.spark.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFileTest {
    @TempDir
    private java.nio.file.Path folder = java.nio.file.Path.of("");

    @ParameterizedTest
    @CsvSource({"file, 500", "bare, 50"})
    void aFileIsCompleteAtAnyTimeWhileItIsRewritten(String scheme, int times) throws Exception {
        JsonFile file = file(scheme);
        file.write(new int[] {0});
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<?> writing = threads.submit(() -> {
            for (int i = 1; i <= times; i++) {
                file.write(new int[] {i});
            }
            return null;
        });

        int last = 0;
        while (!writing.isDone()) {
            int now = file.read(int[].class).orElse(new int[] {-1})[0];
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }

        writing.get();
        assertThat(file.read(int[].class)).contains(new int[] {times});
        threads.shutdown();
        assertThat(folder).isDirectoryContaining("glob:**value.json").isDirectoryNotContaining("glob:**part");
    }

    // after each step at which a run can die if the file system cannot replace a file
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, none, 0", "none, [2, 0", "none, [2], 2", "[1], [2, 1", "[1], [2], 1", "[1], none, 1"})
    void aCrashLeavesTheOldValueOrTheNewOne(@Nullable String old, @Nullable String part, int value) throws Exception {
        JsonFile file = file("bare");
        java.nio.file.Path place = folder.resolve("value.json");
        java.nio.file.Path beside = folder.resolve("_value.json.part");
        if (old != null) {
            Files.writeString(place, old);
        }
        if (part != null) {
            Files.writeString(beside, part);
        }

        assertThat(file.read(int[].class).orElse(new int[] {0})).containsExactly(value);
        assertThat(file.exists()).isEqualTo(value > 0);

        file.write(new int[] {3});
        assertThat(file.read(int[].class)).contains(new int[] {3});
        assertThat(place).exists();
        assertThat(beside).doesNotExist();
    }

    /** The value that a crash left must not be overwritten before another one is complete. */
    @Test
    void aFailedWriteAfterACrashKeepsTheValue() throws Exception {
        JsonFile file = file("bare");
        Files.writeString(folder.resolve("_value.json.part"), "[2]");

        assertThatThrownBy(() -> file.write(new Object())).isInstanceOf(JsonProcessingException.class);

        assertThat(file.read(int[].class)).contains(new int[] {2});
    }

    private JsonFile file(String scheme) throws IOException {
        Configuration hadoop = new Configuration();
        BareFileSystem.addTo(hadoop);
        Path path = new Path(scheme + ":" + folder + "/value.json");
        return new JsonFile(path, path.getFileSystem(hadoop));
    }
}
