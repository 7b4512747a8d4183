package io.planisphere.infer;

import static ai.onnx.proto.OnnxMl.AttributeProto.AttributeType.INT;
import static ai.onnx.proto.OnnxMl.AttributeProto.AttributeType.INTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final String LOGITS = "logits";

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        Session.closeShared();
    }

    @Test
    void predictionsForEveryPhotoOfABatchMatchTheCalculation() throws IOException {
        ModelPackage model = open(TinyModels.classify("a", "b", "c", "d"));
        try (Session session = Session.open(model, 1);
                Inference inference = session.newInference(List.of(LOGITS), 3, 3)) {
            int[][] colours = {{255, 0, 191}, {127, 160, 64}, {0, 255, 255}};
            for (int photo = 0; photo < 3; photo++) {
                fill(inference, photo, colours[photo]);
            }

            List<Inferred> results = inference.run(3);

            for (int photo = 0; photo < 3; photo++) {
                double[] expected = TinyModels.logits(
                        4, normalised(colours[photo][0]), normalised(colours[photo][1]), normalised(colours[photo][2]));
                float[] scores = ((Inferred.Outputs) results.get(photo)).values()[0];
                assertThat(scores).hasSize(4);
                for (int k = 0; k < 4; k++) {
                    assertThat((double) scores[k]).isCloseTo(expected[k], within(1e-5));
                }
            }
        }
    }

    /**
     * The engine runs the normalisation that the package states as part of the graph; its values equal those of double
     * arithmetic.
     */
    @ParameterizedTest
    @ValueSource(strings = {"0.00392156862745098", "1"})
    void pixelsAreNormalisedAsThePackageStates(String factor) throws IOException {
        Map<String, byte[]> files = TinyModels.export("red", "green", "blue");
        String rule = TinyModels.PREPROCESSOR
                .replace("0.00392156862745098", factor)
                .replace("mean\": [0.5, 0.5, 0.5]", "mean\": [0.485, 0.456, 0.406]")
                .replace("std\": [0.5, 0.5, 0.5]", "std\": [0.229, 0.224, 0.225]");
        ModelPackage model = open(TinyModels.with(files, "preprocessor_config.json", rule));
        try (Session session = Session.open(model, 1);
                Inference inference = session.newInference(List.of(LOGITS), 1, 1)) {
            fill(inference, 0, new int[] {0, 77, 255});

            float[] scores = ((Inferred.Outputs) inference.run(1).get(0)).values()[0];

            double[] expected = {
                -0.485 / 0.229,
                (77 * Double.parseDouble(factor) - 0.456) / 0.224,
                (255 * Double.parseDouble(factor) - 0.406) / 0.225
            };
            for (int k = 0; k < 3; k++) {
                double logit = TinyModels.weight(k) * expected[k];
                assertThat((double) scores[k]).isCloseTo(logit, withinPercentage(1e-4));
            }
        }
    }

    @Test
    void eightThreadsShareOneSession() throws Exception {
        ModelPackage model = open(TinyModels.classify("a", "b", "c"));
        int before = Session.openings();
        CyclicBarrier together = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Session> open = () -> {
                together.await();
                return Session.shared(model, 1);
            };
            List<Future<Session>> opened =
                    IntStream.range(0, 8).mapToObj(i -> threads.submit(open)).toList();
            Session first = opened.get(0).get();
            for (Future<Session> session : opened) {
                assertThat(session.get()).isSameAs(first);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(Session.openings() - before).isEqualTo(1);
    }

    @Test
    void anUnusableGpuFailsInsteadOfFallingBackToTheCpu() throws IOException {
        ModelPackage model = open(TinyModels.classify("a", "b", "c"));

        // with the Maven profile gpu, on a machine without a GPU, the reason comes from the library
        assertThatThrownBy(() -> Session.open(model, new Processor.Gpu(0)))
                .isInstanceOf(EngineFailure.class)
                .hasMessageStartingWith("GPU 0 cannot be used: ")
                .hasMessageMatching(
                        Cuda.missing().isPresent() ? ".*build it with: mvn -B -Pgpu.*" : ".*leave --device gpu out");
    }

    @Test
    void aNetworkThatFailsItsGoldenVectorIsNotUsed() throws IOException {
        Map<String, byte[]> files = TinyModels.classify("a", "b", "c");
        String altered =
                TinyModels.text(files, "manifest.json").replaceFirst("\"values\": \\[[^,]+,", "\"values\": [99,");
        ModelPackage model = open(TinyModels.with(files, "manifest.json", altered));

        assertThatThrownBy(() -> Session.open(model, 1))
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining("fails its golden vector: logits[0]")
                .hasMessageContaining("instead of 99");
    }

    @Test
    void aPhotoOnWhichTheNetworkFailsDoesNotAffectItsBatch() throws IOException {
        ModelPackage model = open(failingOnBrightRed());
        try (Session session = Session.open(model, 1);
                Inference inference = session.newInference(List.of(LOGITS), 4, 4)) {
            for (int photo = 0; photo < 4; photo++) {
                fill(inference, photo, photo == 2 ? new int[] {255, 0, 0} : new int[] {200, 0, 0});
            }

            List<Inferred> results = inference.run(4);

            assertThat(results.stream()
                            .map(result -> result instanceof Inferred.Outputs)
                            .toList())
                    .containsExactly(true, true, false, true);
            assertThat(((Inferred.Failed) results.get(2)).detail()).contains("indices element out of data bounds");
        }
    }

    @Test
    void nativeMemoryStaysConstantOverFiftyThousandInferences() throws IOException {
        ModelPackage model = open(TinyModels.classify("a", "b", "c"));
        try (Session session = Session.open(model, 1)) {
            infer(session, 50_000); // warm-up: the heap, pools and code caches fill
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                long before = residentKilobytes();
                infer(session, 50_000);
                least = Math.min(least, residentKilobytes() - before);
            }
            // An input tensor kept per call would take 768 bytes, 38 MB in total; an output and its handles about as
            // much. A leak takes that in every round; the heap may grow meanwhile, but not three times.
            assertThat(least).isLessThan(20_000);
        }
    }

    private static void infer(Session session, int photos) {
        for (int task = 0; task < 10; task++) {
            try (Inference inference = session.newInference(List.of(LOGITS), 1, 1)) {
                for (int i = 0; i < photos / 10; i++) {
                    inference.run(1);
                }
            }
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        String status = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon"))
                .collect(Collectors.joining());
        return Long.parseLong(status.replaceAll("\\D", ""));
    }

    /** Normalises a pixel to [-1, 1], as {@link TinyModels} do. */
    private static double normalised(int pixel) {
        return (pixel - 127.5) / 127.5;
    }

    private static void fill(Inference inference, int photo, int[] colour) {
        int plane = inference.elements() / 3;
        for (int i = 0; i < inference.elements(); i++) {
            inference.input().put(photo * inference.elements() + i, (byte) colour[i / plane]);
        }
    }

    /**
     * Returns a network that looks up a table with one row at the integer part of the photo's largest mean, which is 1 for a
     * full colour.
     */
    private static Map<String, byte[]> failingOnBrightRed() {
        Map<String, byte[]> files = TinyModels.export("a", "b", "c");
        GraphProto.Builder graph =
                TinyModels.graph("pixel_values", List.of("N", "3", "8", "8"), 3).getGraph().toBuilder();
        graph.removeOutput(1).removeNode(2).clearInitializer();
        graph.addInitializer(TensorProto.newBuilder()
                .setName("table")
                .setDataType(1)
                .addAllDims(List.of(1L, 3L))
                .addAllFloatData(List.of(1f, 2f, 3f)));
        graph.addNode(with(
                TinyModels.node("ReduceMax", "largest", "embedding"),
                attribute("axes").addInts(1).setType(INTS)));
        graph.setNode(
                2,
                graph.getNode(2).toBuilder()
                        .addAttribute(attribute("keepdims").setI(0).setType(INT)));
        graph.addNode(with(
                TinyModels.node("Cast", "index", "largest"),
                attribute("to").setI(7).setType(INT)));
        graph.addNode(TinyModels.node("Gather", LOGITS, "table", "index"));
        ModelProto model = TinyModels.graph("pixel_values", List.of("N", "3", "8", "8"), 3).toBuilder()
                .setGraph(graph)
                .build();
        return TinyModels.with(files, "model.onnx", model.toByteArray());
    }

    private static AttributeProto.Builder attribute(String name) {
        return AttributeProto.newBuilder().setName(name);
    }

    private static NodeProto with(NodeProto node, AttributeProto.Builder attribute) {
        return node.toBuilder().addAttribute(attribute).build();
    }

    private ModelPackage open(Map<String, byte[]> files) throws IOException {
        Path directory = TinyModels.writeDirectory(Files.createTempDirectory(folder, "model"), files);
        return ModelPackage.open(directory.toString(), new Configuration());
    }
}
