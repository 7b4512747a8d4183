package io.planisphere.spark.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveFileTest {
    private static final int WRITERS = 8;
    private static final int FILES = 50;

    @TempDir
    private java.nio.file.Path folder = java.nio.file.Path.of("");

    @Test
    void anExistingFileIsNotReplaced() throws IOException {
        assertThat(create("a", "first")).isTrue();
        assertThat(create("a", "second")).isFalse();

        assertThat(folder.resolve("a")).hasContent("first");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("a")).isDirectoryNotContaining("glob:**_*");
    }

    /** A reader must not find a partial commit, and if two writers succeeded, one commit would be lost. */
    @Test
    void exactlyOneWriterSucceedsAndItsFileAppearsComplete() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        CyclicBarrier together = new CyclicBarrier(WRITERS);
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String content = Integer.toString(i).repeat(10_000);
            writers.add(() -> {
                int won = 0;
                for (int file = 0; file < FILES; file++) {
                    together.await();
                    won += create("f" + file, content) ? 1 : 0;
                    assertThat(Files.size(folder.resolve("f" + file))).isEqualTo(10_000);
                }
                return won;
            });
        }

        int won = 0;
        for (Future<Integer> writer : threads.invokeAll(writers)) {
            won += writer.get();
        }

        threads.shutdown();
        assertThat(won).isEqualTo(FILES);
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            assertThat(files).hasSize(FILES);
        }
    }

    private boolean create(String name, String content) throws IOException {
        FileSystem fs = FileSystem.getLocal(new Configuration());
        return ExclusiveFile.create(new Path(folder.resolve(name).toUri()), fs, content.getBytes(UTF_8));
    }
}
