package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.WatchedSpark;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Observes the metrics of a whole job while one of its shards is blocked in the middle. */
class WatchedRunTest {
    private static final byte[] GREEN = Photos.png(Color.GREEN, 12, 9);

    private WatchedSpark spark;
    private Path folder;
    private Path output;

    /** The local file system, except that the end of {@code held.tar} is blocked until the gate opens. */
    public static final class Gated extends RawLocalFileSystem {
        private static volatile CountDownLatch gate = new CountDownLatch(0);
        private static volatile long freeBytes;

        @Override
        public URI getUri() {
            return URI.create("gated:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferBytes) throws IOException {
            FSDataInputStream file = super.open(path, bufferBytes);
            return path.getName().equals("held.tar") ? new FSDataInputStream(new Held(file)) : file;
        }

        private static final class Held extends FSInputStream {
            private final FSDataInputStream file;

            Held(FSDataInputStream file) {
                this.file = file;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                long free = freeBytes - file.getPos();
                if (free <= 0) {
                    awaitGate();
                    return file.read(bytes, offset, length);
                }
                return file.read(bytes, offset, (int) Math.min(length, free));
            }

            private static void awaitGate() throws IOException {
                try {
                    if (!gate.await(2, TimeUnit.MINUTES)) {
                        throw new IOException("The gate was never opened");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void seek(long position) throws IOException {
                file.seek(position);
            }

            @Override
            public long getPos() throws IOException {
                return file.getPos();
            }

            @Override
            public boolean seekToNewSource(long position) {
                return false;
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }
    }

    @BeforeEach
    void start(@TempDir Path temporary) {
        folder = temporary;
        output = folder.resolve("out");
        spark = new WatchedSpark();
        spark.context()
                .hadoopConfiguration()
                .setClass("fs.gated.impl", Gated.class, org.apache.hadoop.fs.FileSystem.class);
        Gated.gate = new CountDownLatch(1);
    }

    @AfterEach
    void stop() {
        Gated.gate.countDown();
        Session.closeShared();
        spark.close();
    }

    @Test
    void metricsExistWhileARunIsInProgressAndDisappearAfterwards() throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.classify("red", "green", "blue"));
        Path shards = Files.createDirectory(folder.resolve("shards"));
        Files.write(
                shards.resolve("first.tar"),
                new Tars()
                        .with("a.png", GREEN)
                        .with("b.png", GREEN)
                        .with("c.jpg", "<html>")
                        .bytes());
        // four photos that reach the network fill a batch, so five rows are made before the sixth photo is read
        Tars held = new Tars()
                .with("d.png", GREEN)
                .with("e.jpg", "<html>")
                .with("f.png", GREEN)
                .with("g.png", GREEN)
                .with("h.png", GREEN);
        Files.write(shards.resolve("held.tar"), held.with("i.png", GREEN).bytes());
        // a header and a block of content per photo; then the sixth photo's header, which ends the fifth
        Gated.freeBytes = 5 * 1024 + 512;

        CompletableFuture<Integer> job = CompletableFuture.supplyAsync(() -> Main.run(
                "classify",
                "--model",
                model.toString(),
                "--input",
                "gated:" + shards + "/*.tar",
                "--output",
                output.toString()));
        WatchedSpark.await("eight photos", () -> job.isDone() || photos() == 8);

        Map<String, Double> seen = spark.prometheus();
        assertThat(seen)
                .containsEntry("photos", 8.0)
                .containsEntry("errors", 2.0)
                .containsEntry("status_ok", 6.0)
                .containsEntry("status_not_an_image", 2.0)
                .containsEntry("status_missing", 0.0)
                .containsEntry("bytes", 6.0 * GREEN.length + 2 * "<html>".length())
                .containsKeys("photosPerSecond", "photosPerSecondAndCore", "secondsLeft", "fraction");
        assertThat(WatchedSpark.jmx("photos")).isEqualTo(8L);
        assertThat(WatchedSpark.jmx("status.not_an_image")).isEqualTo(2L);
        assertThat((Double) WatchedSpark.jmx("photosPerSecond")).isPositive();

        WatchedSpark.await(
                "run.json with eight photos", () -> progress().path("photos").asLong() == 8);
        JsonNode start = run().path("invocations").path(0);
        assertThat(start.path("state").asText()).isEqualTo("running");
        assertThat(start.path("photos").asLong()).isEqualTo(8);
        assertThat(start.path("seconds").asDouble()).isPositive();
        assertThat(start.path("photosPerSecondAndCore").asDouble()).isPositive();
        assertThat(start.path("stageSeconds").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("read", "decode", "prepare", "infer");
        assertThat(progress().path("errors").asLong()).isEqualTo(2);
        assertThat(progress().path("status").toString()).isEqualTo("{\"not_an_image\":2,\"ok\":6}");
        assertThat(progress().path("fraction").asDouble()).isBetween(0.0, 1.0);
        assertThat(progress().path("shard").asText()).isIn("first.tar", "held.tar");
        assertThat(run().path("photos").asLong()).as("rows that are proven").isZero();
        assertThat(run().path("status").isEmpty()).isTrue();

        Gated.gate.countDown();

        assertThat(job.get(1, TimeUnit.MINUTES)).isZero();
        assertThat(spark.prometheus()).isEmpty();
        assertThat(WatchedSpark.isInJmx("photos")).isFalse();
        JsonNode ended = run().path("invocations").path(0);
        assertThat(ended.path("state").asText()).isEqualTo("done");
        assertThat(ended.path("photos").asLong()).isEqualTo(9);
        assertThat(ended.path("progress").isNull()).isTrue();
        assertThat(run().path("status").toString()).isEqualTo("{\"not_an_image\":2,\"ok\":7}");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("planisphere-progress", "planisphere-run.json");
    }

    private double photos() {
        try {
            return spark.prometheus().getOrDefault("photos", -1.0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode run() {
        try {
            return new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode progress() {
        return run().path("invocations").path(0).path("progress");
    }
}
