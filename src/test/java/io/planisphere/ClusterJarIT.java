package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Session;
import io.planisphere.jobs.LineageReceiver;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Photos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the jar as a cluster gets it: with only Spark's jars beside it, in a separate JVM. */
class ClusterJarIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void decodesAndOpensTheBuiltInModelWithTheNetworkRefused() throws Exception {
        Required.require(
                run("unshare", "--net", "--map-root-user", "true") == 0, "this machine lets nobody drop the network");

        int exit = run(
                "unshare",
                "--net",
                "--map-root-user",
                ProcessHandle.current().info().command().orElse("java"),
                "-Djava.io.tmpdir=" + folder, // native libraries are unpacked here, so they come from the jar
                "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"),
                "-cp",
                String.join(":", "target/planisphere.jar", "target/spark/jars/*", "target/test-classes"),
                Offline.class.getName());

        assertThat(Files.readString(folder.resolve("output.txt"))).contains("network refused", "440 scores");
        assertThat(exit).isZero();
    }

    @Test
    void sendsLineageToTheReceiverThatTheEnvironmentNames() throws Exception {
        Path cells = Files.writeString(
                folder.resolve("cells.csv"),
                "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n0,89c25,1,40.7,-74\n");
        Path map = folder.resolve("map.json");
        try (LineageReceiver receiver = new LineageReceiver()) {
            int exit = run(
                    Map.of(
                            "OPENLINEAGE_URL", receiver.url(),
                            "OPENLINEAGE_ENDPOINT", "events/lineage",
                            "OPENLINEAGE_API_KEY", "a key",
                            "OPENLINEAGE_NAMESPACE", "maps"),
                    "jobs/map.sh",
                    "--cells",
                    cells.toString(),
                    "--output",
                    map.toString());

            assertThat(exit).as(Files.readString(folder.resolve("output.txt"))).isZero();
            assertThat(receiver.events())
                    .extracting(event -> event.path("eventType").asText())
                    .containsExactly("START", "COMPLETE");
            assertThat(receiver.received()).allSatisfy(request -> {
                assertThat(request.path()).isEqualTo("/events/lineage");
                assertThat(request.authorization()).contains("Bearer a key");
                assertThat(request.event().at("/job/namespace").asText()).isEqualTo("maps");
                assertThat(request.event().at("/inputs/0/name").asText()).isEqualTo(cells.toString());
                assertThat(request.event().at("/outputs/0/name").asText()).isEqualTo(map.toString());
            });
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }

    private int run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as("%s ended", command[0])
                .isTrue();
        return process.exitValue();
    }

    /** The program of the JVM without a network. */
    static final class Offline {
        private Offline() {}

        public static void main(String[] args) throws IOException {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("192.0.2.1", 443), 2000); // an address reserved for examples
                throw new IllegalStateException("There is a network");
            } catch (IOException e) {
                System.out.println("network refused: " + e.getMessage());
            }
            ModelPackage model = ModelPackage.open("builtin:earth", new Configuration());
            try (Decoder decoder = new Decoder(ImageLimits.DEFAULT)) {
                if (!(decoder.decode(Photos.png(1), model.preprocessing()) instanceof Decoded.Ok)) {
                    throw new IllegalStateException("The decoder fails");
                }
            }
            Head head = model.heads().get(0);
            try (Session session = Session.open(model, 1);
                    Inference inference = session.newInference(List.of(head.output()), 1, 1)) {
                inference.run(1);
                System.out.println(head.width().orElse(0) + " scores");
            }
        }
    }
}
