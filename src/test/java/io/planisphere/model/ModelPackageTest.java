package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {
    private static final Configuration HADOOP = new Configuration(false);

    private final Path folder;

    ModelPackageTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aGeolocatorHasItsGraphRuleCellsAndGoldenValues() throws Exception {
        ModelPackage tiny = open(TinyModels.locate(TinyModels.CELLS));

        assertThat(tiny.name()).isEqualTo("tiny");
        assertThat(tiny.version()).isEqualTo("1");
        assertThat(tiny.task()).isEqualTo(Task.LOCATE);
        assertThat(tiny.input()).isEqualTo("input");
        assertThat(tiny.heads())
                .containsExactly(new Head("logits", Activation.SOFTMAX, OptionalInt.of(3), "cells.csv"));
        assertThat(tiny.embedding()).contains(new Embedding("embedding", OptionalInt.of(3)));
        assertThat(tiny.maxBatch()).isEqualTo(Integer.MAX_VALUE);
        assertThat(tiny.cells(tiny.heads().get(0))).asString().contains("89c25");
        assertThat(tiny.temperature()).isEqualTo(1);
        assertThat(tiny.goldens()).singleElement().satisfies(golden -> {
            assertThat(golden.output()).isEqualTo("logits");
            assertThat(golden.values()).hasSize(3);
        });
        assertThat(tiny.preprocessing())
                .isEqualTo(new Preprocessing(
                        new Resize.Exact(new Size(8, 8)),
                        new Size(8, 8),
                        Resampling.BILINEAR,
                        1 / 255.0,
                        Collections.nCopies(3, 0.5),
                        Collections.nCopies(3, 0.5),
                        Layout.NCHW));
    }

    @Test
    void aDirectoryItsZipAndAZippedFolderAreTheSamePackage() throws Exception {
        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        String digest = open(files).digest();

        for (String prefix : List.of("", "tiny-1.0/")) {
            Path zip = TinyModels.writeZip(folder.resolve("tiny.zip"), prefix, files);
            ModelPackage zipped = ModelPackage.open(zip.toString(), HADOOP);
            assertThat(zipped.digest()).isEqualTo(digest);
            assertThat(zipped.labels()).containsExactly("red", "green", "blue");
        }
    }

    @Test
    void aPackageIsEqualAfterSerialization() throws Exception {
        ModelPackage sent = open(TinyModels.locate(TinyModels.CELLS));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            ModelPackage arrived = (ModelPackage) in.readObject();
            assertThat(arrived.digest()).isEqualTo(sent.digest());
            assertThat(arrived.location()).isEqualTo(sent.location());
            assertThat(arrived.model()).isEqualTo(sent.model());
            assertThat(arrived.preprocessingDigest()).isEqualTo(sent.preprocessingDigest());
        }
    }

    @Test
    void anUnmodifiedHuggingFaceExportRuns() throws Exception {
        String[] labels = IntStream.range(0, 1001)
                .mapToObj(id -> id == 0 ? "background" : "class " + id)
                .toArray(String[]::new);
        Map<String, byte[]> files = TinyModels.export(labels);
        ModelPackage export = open(
                TinyModels.with(
                        TinyModels.with(
                                files,
                                "preprocessor_config.json",
                                "{\"image_processor_type\": \"MobileNetV2ImageProcessor\"}"),
                        "config.json",
                        TinyModels.text(files, "config.json")
                                .replaceFirst(
                                        "\\{",
                                        "{\"architectures\": [\"MobileNetV2ForImageClassification\"],"
                                                + " \"model_type\": \"mobilenet_v2\", \"image_size\": 224, \"num_channels\": 3, ")));

        assertThat(export.name()).isEqualTo("tiny");
        assertThat(export.task()).isEqualTo(Task.CLASSIFY);
        assertThat(export.input()).isEqualTo("pixel_values");
        assertThat(export.heads())
                .containsExactly(new Head("logits", Activation.SOFTMAX, OptionalInt.of(1001), "cells.csv"));
        assertThat(export.embedding()).contains(new Embedding("embedding", OptionalInt.empty()));
        assertThat(export.labels()).hasSize(1001).startsWith("background", "class 1");
        assertThat(export.goldens()).isEmpty();
        assertThat(export.preprocessing().layout()).isEqualTo(Layout.NCHW);
        assertThat(export.preprocessing().crop()).isEqualTo(new Size(224, 224));
    }

    @Test
    void theActivationOfAnExportFollowsItsConfigAndGraph() throws Exception {
        Map<String, byte[]> files = TinyModels.export("red", "green", "blue");
        ModelPackage manyLabels = open(TinyModels.with(
                files,
                "config.json",
                TinyModels.config("red", "green", "blue")
                        .replaceFirst("\\{", "{\"problem_type\": \"multi_label_classification\", ")));
        assertThat(manyLabels.heads())
                .containsExactly(new Head("logits", Activation.SIGMOID, OptionalInt.of(3), "cells.csv"));

        ModelProto.Builder graph = TinyModels.graph("x", List.of("N", "3", "8", "8"), 3).toBuilder();
        graph.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "probabilities", "logits"))
                .clearOutput()
                .addOutput(TinyModels.value("probabilities", List.of("N", "3")));
        ModelPackage ended =
                open(TinyModels.with(files, "model.onnx", graph.build().toByteArray()));
        assertThat(ended.heads())
                .containsExactly(new Head("probabilities", Activation.NONE, OptionalInt.of(3), "cells.csv"));
    }

    @Test
    void theLayoutOfAnExportFollowsTheAxisOfThreeChannels() throws Exception {
        Map<String, byte[]> files = TinyModels.with(
                TinyModels.export("red", "green", "blue"),
                "model.onnx",
                TinyModels.graph("image", List.of("1", "8", "8", "3"), 3).toByteArray());
        ModelPackage channelsLast = open(files);

        assertThat(channelsLast.preprocessing().layout()).isEqualTo(Layout.NHWC);
        assertThat(channelsLast.maxBatch()).isEqualTo(1);
    }

    @Test
    void anExportWithCellsIsAGeolocator() throws Exception {
        String cells = TinyModels.text(TinyModels.locate(TinyModels.CELLS), "cells.csv");
        ModelPackage export = open(TinyModels.with(TinyModels.export("a", "b", "c"), "cells.csv", cells));

        assertThat(export.cells(export.require(Task.LOCATE).heads().get(0))).isNotEmpty();
    }

    @Test
    void aGeolocatorCanHaveAHeadPerPartition() throws Exception {
        ModelPackage nested = open(TinyModels.hierarchy(TinyModels.COARSE_CELLS, TinyModels.CELLS, 1.5));

        assertThat(nested.heads())
                .containsExactly(
                        new Head("coarse", Activation.SOFTMAX, OptionalInt.of(3), "coarse.csv"),
                        new Head("logits", Activation.SOFTMAX, OptionalInt.of(3), "cells.csv"));
        assertThat(nested.temperature()).isEqualTo(1.5);
    }

    @Test
    void aGraphWithPixelInputGetsUnscaledPixels() throws Exception {
        ModelPackage pixels = open(TinyModels.takingPixels("a", "b", "c"));

        assertThat(pixels.preprocessing().element()).isEqualTo(Preprocessing.Element.UINT8);
        assertThat(pixels.preprocessing().layout()).isEqualTo(Layout.NHWC);
        assertThat(pixels.preprocessing().rescaleFactor()).isEqualTo(1);
    }

    @Test
    void theRampOfPixelsEqualsTheRampBeforeNormalisation() {
        float[] ramp = Golden.ramp(300);
        byte[] pixels = Golden.byteRamp(300);
        for (int i = 0; i < 300; i++) {
            assertThat((pixels[i] & 255) / 127.5f - 1).isCloseTo(ramp[i], within(1e-6f));
        }
    }

    @Test
    void theRampOfGoldenVectorsFollowsItsFormula() {
        assertThat(Golden.ramp(300)).hasSize(300).startsWith(-1f, (float) ((31 - 127.5) / 127.5));
        // 297 * 31 = 9207 = 35 * 256 + 247
        assertThat(Golden.ramp(300)[297]).isEqualTo((float) ((247 - 127.5) / 127.5));
    }

    private ModelPackage open(Map<String, byte[]> files) throws Exception {
        return ModelPackage.open(
                TinyModels.writeDirectory(folder.resolve("tiny"), files).toString(), HADOOP);
    }
}
