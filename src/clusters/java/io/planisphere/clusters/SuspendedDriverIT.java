package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs two drivers on one output: the first is suspended in the middle of a batch, as on a paused machine; another one
 * completes the work, and the first resumes. The output must be that of one driver.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SuspendedDriverIT {
    private static final String BUCKET = "planet";
    private static final int TARS = 6;
    private static final int PHOTOS_PER_TAR = 12;

    private Path folder = Path.of("");
    private S3Server s3;
    private FileSystem objects;
    private MiniDFSCluster hdfs;
    private ProgramProcess successor;
    private ProgramProcess next;
    private List<String> expected = List.of();

    /** When the first driver is suspended, as seen from outside; it may be slightly later. */
    enum Point {
        RUN_HAS_BEGUN {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.records() > 0;
            }
        },
        BATCH_HAS_BEGUN {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.says("begun", BATCH);
            }
        },
        FILES_APPEAR {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.dataFiles(BATCH) > 0;
            }
        },
        FILES_ARE_THERE {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.dataFiles(BATCH) >= SHARDS_PER_BATCH;
            }
        },
        BATCH_IS_COMMITTED {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.says("committed", BATCH);
            }
        },
        LAST_BATCH_HAS_FILES {
            @Override
            boolean isReached(StoredOutput output) throws IOException {
                return output.dataFiles(TARS / SHARDS_PER_BATCH - 1) >= SHARDS_PER_BATCH;
            }
        };

        private static final int BATCH = 1;
        private static final int SHARDS_PER_BATCH = 2;

        abstract boolean isReached(StoredOutput output) throws IOException;
    }

    @BeforeAll
    void startStores(@TempDir Path temporary) throws Exception {
        folder = temporary;
        s3 = new S3Server(folder, BUCKET);
        successor = start();
        next = start();
        objects = FileSystem.newInstance(URI.create("s3a://" + BUCKET), S3Server.configuration(s3.endpoint()));
        HdfsConfiguration one = new HdfsConfiguration();
        one.setInt("dfs.replication", 1);
        hdfs = new MiniDFSCluster.Builder(one, folder.resolve("hdfs").toFile())
                .numDataNodes(1)
                .build();
        hdfs.waitActive();
        ShardFiles.write(folder.resolve("shards"), TARS, PHOTOS_PER_TAR);
        String output = folder + "/undisturbed";
        assertThat(successor.ready().ask(command(output)))
                .as(successor.output())
                .isEqualTo("0");
        expected = Rows.of(output);
        assertThat(expected).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
    }

    @AfterAll
    void stopStores() throws Exception {
        successor.close();
        next.close();
        hdfs.shutdown();
        objects.close();
        s3.close();
    }

    @ParameterizedTest
    @EnumSource
    void aSuspendedDriverChangesNothingOnALocalDisk(Point point) throws Exception {
        suspend(
                point,
                FileSystem.getLocal(new Configuration()).getRawFileSystem(),
                folder.resolve("local").toUri().toString());
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void aSuspendedDriverChangesNothingOnHdfs(Point point) throws Exception {
        suspend(point, hdfs.getFileSystem(), hdfs.getURI().toString());
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void aSuspendedDriverChangesNothingOnS3(Point point) throws Exception {
        suspend(point, objects, "s3a://" + BUCKET);
    }

    /** The resumed driver has nothing left to commit, and reads what it has committed. */
    @Test
    void aDriverSuspendedBeforeCountingFindsItsRowsReplaced() throws Exception {
        suspend(
                "REPLACED",
                output -> output.says("committed", 0) && output.says("committed", 1) && output.says("committed", 2),
                FileSystem.getLocal(new Configuration()).getRawFileSystem(),
                folder.resolve("local").toUri().toString(),
                "--retry",
                "ok");
    }

    private interface Moment {
        boolean isReached(StoredOutput output) throws IOException;
    }

    private void suspend(Point point, FileSystem fs, String store) throws Exception {
        suspend(point.name(), point::isReached, fs, store);
    }

    private void suspend(String name, Moment moment, FileSystem fs, String store, String... more) throws Exception {
        String uri = store + "/" + name;
        StoredOutput output = new StoredOutput(fs, new org.apache.hadoop.fs.Path(uri));
        Path copy = folder.resolve("copy");
        try (ProgramProcess first = next.ready()) {
            next = start();
            first.tell(command(uri));
            assertThat(first.until(name, () -> moment.isReached(output)))
                    .as(first.output())
                    .isTrue();
            first.signal("STOP");
            output.buryHolder();
            assertThat(successor.ask(command(uri, more))).as(successor.output()).isEqualTo("0");
            assertThat(output.rows(copy)).isEqualTo(expected);

            first.signal("CONT");

            assertThat(first.response()).as(first.output()).isEqualTo("3");
            assertThat(first.output().lines().filter(message -> message.contains("was taken over by another")))
                    .as(first.output())
                    .hasSize(1);
            assertThat(first.output()).doesNotContain("\tat io.planisphere");
        }
        assertThat(output.rows(copy)).isEqualTo(expected);
        int before = successor.output().length();
        assertThat(successor.ask(command(uri))).as(successor.output()).isEqualTo("0");
        assertThat(successor.output().substring(before)).contains("0 photos labelled");
        assertThat(output.rows(copy)).isEqualTo(expected);
    }

    private ProgramProcess start() throws IOException {
        return JobProgram.start(S3Server.settings(s3.endpoint()), Files.createTempFile(folder, "driver", ".log"));
    }

    private String command(String output, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "locate",
                "--input",
                folder + "/shards/*.tar",
                "--output",
                output,
                "--shards-per-batch",
                "" + Point.SHARDS_PER_BATCH));
        line.addAll(List.of(more));
        return JobProgram.command(line);
    }
}
