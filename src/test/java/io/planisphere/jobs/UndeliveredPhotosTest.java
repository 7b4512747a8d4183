package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.JobRun;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.WebServer;
import io.planisphere.source.WebServer.Answer;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests photos that web servers do not deliver: rows with an error status, in bounded time, and a run that does not count as a
 * success.
 */
@Timeout(300)
class UndeliveredPhotosTest {
    private static final byte[] PHOTO = Photos.png(Color.RED, 12, 9);

    /** References of a task, the smallest batch that there is. */
    private static final int CHUNK = 2500;

    private static final long PHOTOS = CHUNK + 20;

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");
    private String stderr = "";

    @BeforeEach
    void writeModel() throws IOException {
        LocalSpark.session();
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
    }

    @Test
    void fiveHundredDeadHostsDelayFiveThousandPhotosByFewTimeouts() throws Exception {
        List<ServerSocket> silent = new ArrayList<>();
        try (WebServer server = new WebServer((path, request) -> Answer.ok(PHOTO))) {
            List<String> urls = new ArrayList<>();
            List<String> arguments = new ArrayList<>(List.of("--fetch-timeout", "2", "--allow", server.url("")));
            for (int i = 0; i < 5500; i++) {
                if (i % 11 != 0) {
                    urls.add(server.url("/" + i));
                    continue;
                }
                // each host has its own address; every other one accepts connections and never responds
                InetAddress address =
                        InetAddress.getByAddress(new byte[] {127, 1, (byte) (i / 11 / 250), (byte) (1 + i / 11 % 250)});
                ServerSocket socket = new ServerSocket(0, 50, address);
                if (i % 2 == 0) {
                    silent.add(socket);
                } else {
                    socket.close();
                }
                String host = "http://" + address.getHostAddress() + ":" + socket.getLocalPort();
                urls.add(host + "/x.png");
                arguments.addAll(List.of("--allow", host));
            }
            long start = System.nanoTime();

            int exit = locate(manifest(urls), arguments);

            // sequentially, the silent hosts would take 250 times four seconds
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                    .isLessThan(200);
            assertThat(exit).isZero();
            assertThat(statuses()).isEqualTo(Map.of("ok", 5000L, "unreachable", 500L));
            assertThat(rows("unreachable"))
                    .allSatisfy(row -> assertThat(row.<String>getAs("detail")).startsWith("No answer from 127.1."));
        } finally {
            for (ServerSocket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aRunStopsAfterTheBatchInWhichItsCredentialsExpire() throws Exception {
        SparkSession spark = LocalSpark.session().newSession();
        SparkSession.setActiveSession(spark);
        spark.conf().set("spark.planisphere.referencesPerChunk", CHUNK); // --shards-per-batch 1 makes a batch per chunk
        // the batch that was stopped would be decoded in a process per task, which takes most of the time
        spark.conf().set("spark.planisphere.isolateInterruptedBatches", false);
        AtomicBoolean expired = new AtomicBoolean(true);
        try (WebServer server = new WebServer((path, request) -> expired.get() ? Answer.of(403) : Answer.ok(PHOTO))) {
            Path manifest = manifest(LongStream.range(0, PHOTOS)
                    .mapToObj(i -> server.url("/" + i))
                    .toList());
            List<String> arguments = List.of("--allow", server.url(""), "--shards-per-batch", "1");

            assertThat(locate(manifest, arguments)).isEqualTo(2);

            assertThat(stderr) // two batches run concurrently, and the second one is small
                    .containsPattern(
                            "More than 50 % of the photos of batch [01] were forbidden or unreachable, such as ")
                    .contains(
                            "forbidden: HTTP 403 at " + server.url("/"),
                            "The run was stopped; start it again for the rest",
                            "--retry forbidden,unreachable");
            long first = statuses().getOrDefault("forbidden", 0L);
            assertThat(statuses()).containsOnlyKeys("forbidden");
            assertThat(first).isLessThan(PHOTOS);

            expired.set(false);
            assertThat(locate(manifest, arguments)).isZero();
            assertThat(statuses()).isEqualTo(Map.of("forbidden", first, "ok", PHOTOS - first));
        } finally {
            SparkSession.clearActiveSession();
        }
    }

    @Test
    void aRunWithOnlyForbiddenPhotosFailsAndCanBeRetried() throws Exception {
        AtomicBoolean allowed = new AtomicBoolean();
        try (WebServer server = new WebServer((path, request) -> allowed.get() ? Answer.ok(PHOTO) : Answer.of(401))) {
            Path manifest = manifest(List.of(server.url("/a"), server.url("/b")));

            assertThat(locate(manifest, List.of())).as("private addresses").isEqualTo(2);
            assertThat(stderr)
                    .contains("127.0.0.1 has the address 127.0.0.1, of this machine or a private network; --allow "
                            + server.url("") + " would permit it");
            List<String> named = List.of("--allow", server.url(""), "--retry", "forbidden");
            assertThat(locate(manifest, named)).as("401").isEqualTo(2);
            assertThat(stderr).contains("HTTP 401").doesNotContain("stopped");
            List<String> tolerant = new ArrayList<>(named);
            tolerant.addAll(List.of("--max-error-rate", "1"));
            assertThat(locate(manifest, tolerant)).isZero();
            assertThat(statuses()).isEqualTo(Map.of("forbidden", 2L));

            allowed.set(true);
            assertThat(locate(manifest, named)).isZero();
            assertThat(statuses()).isEqualTo(Map.of("ok", 2L));
        }
    }

    private int locate(Path manifest, List<String> more) {
        List<String> arguments = new ArrayList<>(
                List.of("locate", "--model", model.toString(), "--input", manifest.toString(), "--output", output()));
        arguments.addAll(more);
        JobRun run = JobRun.of(arguments.toArray());
        stderr = run.err();
        return run.exit();
    }

    private Path manifest(List<String> urls) throws IOException {
        return Files.writeString(folder.resolve("photos.csv"), "uri\n" + String.join("\n", urls) + "\n");
    }

    private String output() {
        return folder.resolve("out").toString();
    }

    private List<Row> rows(String status) {
        return LocalSpark.session()
                .read()
                .parquet(output())
                .where("status = '" + status + "'")
                .collectAsList();
    }

    private Map<String, Long> statuses() {
        return LocalSpark.session().read().parquet(output()).groupBy("status").count().collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1), Long::sum, TreeMap::new));
    }
}
