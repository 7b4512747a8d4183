package io.planisphere.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.crash.ObjectStore.Call;
import io.planisphere.crash.ObjectStore.Failure;
import io.planisphere.crash.ObjectStore.Fault;
import io.planisphere.crash.ObjectStore.Snapshot;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that the store has the guarantees of S3 and S3A, and no others. */
class ObjectStoreTest {
    private static final String BUCKET = "store-test";
    private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";

    private final ObjectStore store = ObjectStore.of(BUCKET);
    private FileSystem fs = new ObjectStoreFileSystem();

    @BeforeEach
    void empty() throws IOException {
        store.begin(Fault.NONE);
        for (String key : store.snapshot().keys()) {
            store.connect().delete(key);
        }
        begin(Fault.NONE);
    }

    @Test
    void aFileAppearsCompleteWhenItIsClosed() throws IOException {
        OutputStream out = fs.create(path("a/b"));
        out.write(bytes("all of it"));
        out.flush();
        assertThat(fs.exists(path("a/b"))).isFalse();
        assertThat(store.calls()).isEmpty();

        out.close();

        assertThat(read("a/b")).isEqualTo("all of it");
        assertThat(calls()).containsExactly("PUT a/b");
        write("a/b", "other");
        assertThat(calls()).containsExactly("PUT a/b", "PUT over a/b");
    }

    @Test
    void directoriesArePrefixesOfKeys() throws IOException {
        write("a/b/c", "1");
        write("a/d", "22");

        assertThat(fs.getFileStatus(path("a/b")).isDirectory()).isTrue();
        assertThat(names("a")).containsExactly("b", "d");
        assertThat(fs.getFileStatus(path("a/d")).getLen()).isEqualTo(2);
        assertThat(fs.globStatus(path("a/*/c"))).hasSize(1);
        assertThatThrownBy(() -> fs.listStatus(path("nowhere"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fs.open(path("a"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fs.create(path("a"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> fs.mkdirs(path("a/d/e"))).isInstanceOf(FileAlreadyExistsException.class);

        fs.mkdirs(path("a"));
        fs.mkdirs(path("new/er"));
        assertThat(fs.listStatus(path("new/er"))).isEmpty();
        assertThat(calls()).containsExactly("PUT a/b/c", "PUT a/d", "PUT new/er/");
    }

    @Test
    void aDirectoryIsDeletedObjectByObjectAndItsParentRemains() throws IOException {
        write("a/b/c", "1");
        write("a/b/d", "2");
        assertThatThrownBy(() -> fs.delete(path("a/b"), false)).isInstanceOf(PathIsNotEmptyDirectoryException.class);
        begin(Fault.NONE);

        assertThat(fs.delete(path("a/b"), true)).isTrue();

        assertThat(calls()).containsExactly("DELETE a/b/c", "DELETE a/b/d", "PUT a/");
        assertThat(fs.exists(path("a"))).isTrue();
        assertThat(fs.delete(path("a/b"), true)).isFalse();
    }

    @Test
    void aRenameWorksObjectByObjectAndCanDieInBetween() throws IOException {
        write("a/1", "1");
        write("a/2", "2");
        Snapshot before = store.snapshot();
        begin(Fault.NONE);

        assertThat(fs.rename(path("a"), path("b"))).isTrue();

        assertThat(calls()).containsExactly("COPY a/1 to b/1", "DELETE a/1", "COPY a/2 to b/2", "DELETE a/2");
        assertThat(store.snapshot().keys()).containsExactly("b/1", "b/2");

        store.restore(before);
        begin(new Fault(Failure.DEATH, 4));
        assertThatThrownBy(() -> fs.rename(path("a"), path("b"))).hasMessageContaining("died before DELETE a/2");
        assertThat(store.snapshot().keys()).containsExactly("a/2", "b/1", "b/2");
    }

    @Test
    void aRenameDoesNotReplaceFiles() throws IOException {
        write("a", "1");
        write("b", "2");
        write("full/c", "3");
        write("folder/d", "4");

        assertThatThrownBy(() -> fs.rename(path("a"), path("b"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> fs.rename(path("none"), path("c"))).isInstanceOf(FileNotFoundException.class);
        assertThat(fs.rename(path("folder"), path("full"))).isFalse();
        assertThat(fs.rename(path("folder"), path("folder/in"))).isFalse();
        assertThat(fs.rename(path("a"), path("full"))).isTrue();
        assertThat(read("full/a")).isEqualTo("1");
    }

    @Test
    void onlyOneOfManyConditionalCreatesSucceeds() throws Exception {
        assertThat(fs.hasPathCapability(path("x"), CONDITIONAL)).isTrue();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<String>> creations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String content = "of " + i;
            creations.add(() -> {
                FSDataOutputStreamBuilder<?, ?> file = fs.createFile(path("log/1"));
                file.overwrite(false);
                file.recursive();
                file.opt(CONDITIONAL, true);
                try (OutputStream out = file.build()) {
                    out.write(bytes(content));
                }
                return content;
            });
        }
        List<String> created = new ArrayList<>();
        for (Future<String> creation : threads.invokeAll(creations)) {
            try {
                created.add(creation.get());
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(FileAlreadyExistsException.class);
            }
        }
        threads.shutdown();

        assertThat(created).hasSize(1);
        assertThat(read("log/1")).isEqualTo(created.get(0));
    }

    @Test
    void aConditionalCreateDoesNotReplaceAFileCreatedMeanwhile() throws IOException {
        OutputStream late = fs.create(path("a"), false);
        write("a", "first");

        assertThatThrownBy(late::close).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(read("a")).isEqualTo("first");
    }

    @Test
    void deadProcessesCannotCallTheStoreAfterOthersBegin() throws IOException {
        write("a", "1");
        begin(new Fault(Failure.DEATH, 2));
        FileSystem dead = fs;
        FSDataInputStream open = dead.open(path("a"));
        write("b", "2");
        assertThatThrownBy(() -> write("c", "3")).hasMessageContaining("died before PUT c");
        assertThat(store.failed()).contains("PUT c");

        for (int times = 0; times < 2; times++) {
            assertThatThrownBy(() -> dead.delete(path("b"), false)).hasMessageContaining("died before");
            assertThatThrownBy(() -> dead.exists(path("b"))).hasMessageContaining("died before");
            assertThatThrownBy(open::read).hasMessageContaining("died before");
            begin(Fault.NONE);
        }

        assertThat(names("")).containsExactly("a", "b");
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void aResponseCanBeLostWithOrWithoutItsCaller() throws IOException {
        begin(new Fault(Failure.DEATH_AFTER, 1));
        assertThatThrownBy(() -> write("a", "1")).hasMessageContaining("response");
        assertThatThrownBy(() -> fs.exists(path("a"))).hasMessageContaining("died before");

        begin(new Fault(Failure.LOST_RESPONSE, 1));
        assertThat(read("a")).isEqualTo("1");
        assertThatThrownBy(() -> write("b", "2")).hasMessageContaining("response");
        assertThat(read("b")).isEqualTo("2");
        write("c", "3");
        assertThat(names("")).containsExactly("a", "b", "c");
    }

    @Test
    void aSnapshotRestoresTheEarlierContent() throws IOException {
        write("a", "1");
        Snapshot before = store.snapshot();
        write("a", "2");
        write("b", "3");
        assertThat(before.keys()).containsExactly("a");

        store.restore(before);

        assertThat(read("a")).isEqualTo("1");
        assertThat(names("")).containsExactly("a");
        write("a", "4");
        assertThat(new String(before.bytes("a"), StandardCharsets.UTF_8)).isEqualTo("1");
    }

    @Test
    void readsCanSeek() throws IOException {
        write("a", "0123456789");
        try (FSDataInputStream in = fs.open(path("a"))) {
            byte[] part = new byte[3];
            in.readFully(4, part);
            assertThat(part).isEqualTo(bytes("456"));
            in.seek(8);
            assertThat(in.readAllBytes()).isEqualTo(bytes("89"));
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private void begin(Fault fault) throws IOException {
        store.begin(fault);
        Configuration hadoop = new Configuration();
        ObjectStoreFileSystem.addTo(hadoop);
        fs = FileSystem.newInstance(ObjectStoreFileSystem.uri(BUCKET), hadoop);
    }

    private List<String> calls() {
        return store.calls().stream().map(Call::toString).toList();
    }

    private List<String> names(String folder) throws IOException {
        return Arrays.stream(fs.listStatus(path(folder)))
                .map(file -> file.getPath().getName())
                .toList();
    }

    private void write(String key, String content) throws IOException {
        try (OutputStream out = fs.create(path(key))) {
            out.write(bytes(content));
        }
    }

    private String read(String key) throws IOException {
        try (FSDataInputStream in = fs.open(path(key))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path path(String key) {
        return new Path(ObjectStoreFileSystem.uri(BUCKET).resolve("/" + key));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
