package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.planisphere.clusters.JobProcess.CommandLine;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads from and writes to {@code s3a://}, on a server of the S3 API. */
class S3IT {
    private static final String BUCKET = "planet";

    private final Undisturbed undisturbed = Undisturbed.collection();
    private Path folder = Path.of("");
    private S3Server s3;
    private FileSystem objects;

    @BeforeEach
    void startServer(@TempDir Path temporary) throws Exception {
        folder = temporary;
        s3 = new S3Server(folder, BUCKET);
        objects = FileSystem.newInstance(URI.create("s3a://" + BUCKET), S3Server.configuration(s3.endpoint()));
        objects.copyFromLocalFile(object(undisturbed.shards().toUri().toString()), object("s3a://planet/shards"));
    }

    @AfterEach
    void stopServer() throws Exception {
        objects.close();
        s3.close();
    }

    @Test
    void inputsAndOutputsCanAllBeOnS3() throws Exception {
        CommandLine line = locate("s3a://planet/shards/*.tar", "s3a://planet/rows", s3.endpoint());

        assertThat(line.run(folder.resolve("job.log"))).contains("480 photos labelled", "480 photos, 480 rows");
        Path copy = folder.resolve("copy");
        objects.copyToLocalFile(object("s3a://planet/rows"), object(copy.toUri().toString()));
        assertThat(relocated(Rows.of(copy.toString()))).containsExactlyElementsOf(undisturbed.rows());
        assertThat(line.run(folder.resolve("again.log"))).contains("0 photos labelled", "480 photos, 480 rows");
    }

    @Tag("long")
    @Test
    void aThrottlingStoreSlowsTheJobWithoutFailingPhotos() throws Exception {
        List<byte[]> drawn = ShardFiles.photos(10, 60, 40);
        StringBuilder manifest = new StringBuilder("uri\n");
        for (int i = 0; i < drawn.size(); i++) {
            try (OutputStream out = objects.create(object("s3a://planet/photos/" + i + ".jpg"))) {
                out.write(drawn.get(i));
            }
            manifest.append("s3a://planet/photos/").append(i).append(".jpg\n");
        }
        manifest.append("s3a://planet/photos/gone.jpg\n");
        Path list = Files.writeString(folder.resolve("photos.csv"), manifest);
        try (BusyServer busy = new BusyServer(s3.endpoint())) {
            String messages =
                    locate(list.toString(), folder + "/rows", busy.endpoint()).run(folder.resolve("job.log"));

            assertThat(messages).contains("11 photos, 11 rows: 1 missing 10 ok");
            assertThat(busy.sentAway()).isGreaterThan(10);
        }
    }

    @Test
    void photosThatTheCredentialsCannotReadAreForbiddenAndFailTheJob() throws Exception {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            // S3 responds with 403, and for expired credentials with 400; responses to HEAD requests have no body
            boolean isExpired = exchange.getRequestURI().getPath().contains("expired");
            exchange.sendResponseHeaders(isExpired ? 400 : 403, -1);
            exchange.close();
        });
        refusing.start();
        Path list = Files.writeString(
                folder.resolve("photos.csv"), "uri\ns3a://planet/denied.jpg\ns3a://planet/expired.jpg\n");
        try (JobProcess job = locate(
                        list.toString(),
                        folder + "/rows",
                        "http://127.0.0.1:" + refusing.getAddress().getPort())
                .start(folder.resolve("job.log"))) {
            assertThat(job.await()).as(job.output()).isEqualTo(2);
            assertThat(job.output())
                    .contains(
                            "2 photos, 2 rows: 2 forbidden",
                            "More than 50 % of the photos of batch 0",
                            "--retry forbidden");
        } finally {
            refusing.stop(0);
        }
    }

    private static org.apache.hadoop.fs.Path object(String uri) {
        return new org.apache.hadoop.fs.Path(uri);
    }

    private static CommandLine locate(String input, String output, String endpoint) {
        return CommandLine.locate(input, output, "--shards-per-batch", "4")
                .on("--master", "local[2]")
                .on(S3Server.options(endpoint))
                .with("SPARK_DIST_CLASSPATH", S3Server.jars());
    }

    private List<String> relocated(List<String> rows) {
        return rows.stream()
                .map(row -> row.replace("s3a://planet/shards", "file:" + undisturbed.shards()))
                .sorted()
                .toList();
    }
}
