package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the messages for parts of a package that do not fit together. */
class PackageRefusalsTest {
    private static final Map<String, byte[]> CLASSIFIER = TinyModels.classify("red", "green", "blue");
    private static final Map<String, byte[]> GEOLOCATOR = TinyModels.locate(TinyModels.CELLS);
    private static final Map<String, byte[]> EXPORT = TinyModels.export("red", "green", "blue");

    private final Path folder;

    PackageRefusalsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theNumberOfLabelsMustMatchTheScores() {
        refused(
                relisted(CLASSIFIER, "config.json", TinyModels.config("red", "green")),
                "config.json names 2 labels but output logits has 3; fix id2label");
        refused(
                TinyModels.with(EXPORT, "config.json", TinyModels.config("red", "green", "blue", "grey")),
                "config.json names 4 labels but output logits has 3; fix id2label");
    }

    @Test
    void labelsMustBeNumberedFromZeroWithoutGaps() {
        refused(
                TinyModels.with(EXPORT, "config.json", "{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"3\": \"c\"}}"),
                "config.json: id2label has 3 labels but none for 2; number them from 0 without gaps");
    }

    @Test
    void aClassifierNeedsLabels() {
        refused(
                TinyModels.with(EXPORT, "config.json", "{}"),
                "config.json names no labels; a package with task classify needs id2label");
    }

    @Test
    void theNumberOfCellsMustMatchTheScores() {
        List<String> cells = new ArrayList<>(TinyModels.CELLS);
        cells.remove(2);
        refused(
                relisted(GEOLOCATOR, "cells.csv", CellsFile.HEADER + "\n" + String.join("\n", cells) + "\n\n"),
                "cells.csv has 2 cells but output logits has 3; give it one line per score");
    }

    @Test
    void cellsMustHaveTheirColumns() {
        refused(
                relisted(GEOLOCATOR, "cells.csv", "hex_id,latitude\n89c25,40.7\n"),
                "cells.csv starts with hex_id,latitude; its first line must be"
                        + " class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean, or latitude,longitude for places");
    }

    @Test
    void aGeolocatorNeedsCells() {
        Map<String, byte[]> files = new TreeMap<>(GEOLOCATOR);
        files.remove("cells.csv");
        refused(TinyModels.listed(files), "cells.csv is missing; a package with task locate needs its cells");
    }

    @Test
    void aChangedFileIsRejectedWithBothDigests() {
        String sha256 = TinyModels.sha256(CLASSIFIER, "config.json");
        String changed = TinyModels.config("rot", "green", "blue");
        refused(
                TinyModels.with(CLASSIFIER, "config.json", changed),
                "config.json has SHA-256 " + PackageFiles.sha256(changed.getBytes(StandardCharsets.UTF_8))
                        + " but manifest.json says " + sha256
                        + "; fetch the package again, or correct the manifest if the change is yours");
    }

    @Test
    void aListedFileThatIsMissingIsRejected() {
        Map<String, byte[]> files = new TreeMap<>(CLASSIFIER);
        files.remove("config.json");
        refused(files, "manifest.json lists config.json, which is missing; add it to the package");
    }

    @Test
    void aFileThatIsNotListedIsRejected() {
        refused(
                inManifest(CLASSIFIER, "\"model.onnx\": \"[0-9a-f]+\", ", ""),
                "manifest.json does not list model.onnx; list it with its SHA-256 "
                        + TinyModels.sha256(CLASSIFIER, "model.onnx") + ", or remove it");
    }

    @Test
    void aPackageNeedsAModelAndPreprocessing() {
        for (String name : List.of("model.onnx", "preprocessor_config.json")) {
            Map<String, byte[]> files = new TreeMap<>(EXPORT);
            files.remove(name);
            refused(files, name + " is missing; add it to the package");
        }
    }

    @Test
    void tensorNamesMustExistInTheGraph() {
        refused(
                inManifest(CLASSIFIER, "\"name\": \"logits\"", "\"name\": \"probs\""),
                "manifest.json names output probs but model.onnx has logits, embedding; fix outputs.scores.name");
        refused(
                inManifest(CLASSIFIER, "\"name\": \"embedding\"", "\"name\": \"features\""),
                "manifest.json names output features but model.onnx has logits, embedding; fix outputs.embedding.name");
        refused(
                inManifest(CLASSIFIER, "\"name\": \"input\"", "\"name\": \"pixels\""),
                "manifest.json names input pixels but model.onnx has input; fix input.name");
    }

    @Test
    void theLayoutMustMatchTheGraph() {
        refused(
                inManifest(CLASSIFIER, "NCHW", "NHWC"),
                "model.onnx has input input [N, 3, 8, 8], which is not NHWC with 3 channels;"
                        + " fix input.layout, or export a network for colour photos");
    }

    @Test
    void theCropMustMatchTheInputSizeOfTheGraph() {
        refused(
                relisted(
                        CLASSIFIER,
                        "preprocessor_config.json",
                        TinyModels.PREPROCESSOR.replace("\"width\": 8", "\"width\": 12")),
                "preprocessor_config.json gives photos of 12 x 8 pixels but model.onnx takes 8 x 8; fix size or crop_size");
    }

    @Test
    void aFixedBatchAboveOneIsRejected() {
        refused(
                model(TinyModels.graph("input", List.of("4", "3", "8", "8"), 3)),
                "model.onnx fixes the batch of input at 4; export it with a free batch axis, or with 1");
    }

    @Test
    void anActivationThatTheGraphAlreadyAppliesIsRejected() {
        ModelProto.Builder graph = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        graph.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "probs", "logits"))
                .addOutput(TinyModels.value("probs", List.of("N", "3")));
        refused(
                inManifest(model(graph.build()), "\"name\": \"logits\"", "\"name\": \"probs\""),
                "manifest.json gives output probs the activation softmax but model.onnx ends in Softmax;"
                        + " set the activation to none");
    }

    @Test
    void scoresMustHaveTwoAxes() {
        ModelProto.Builder graph = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        graph.getGraphBuilder().setOutput(0, TinyModels.value("logits", List.of("N", "3", "8", "8")));
        refused(
                model(graph.build()),
                "model.onnx has output logits [N, 3, 8, 8]; scores have two axes, batch and classes, so name another"
                        + " output or export a classifier");
    }

    @Test
    void tensorsMustBeFloats() {
        ModelProto.Builder graph = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        graph.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(10);
        refused(
                model(graph.build()),
                "model.onnx has input input of element type FLOAT16; export it with FLOAT, or with UINT8 and the normalisation in the graph");
    }

    @Test
    void aNetworkWithPixelInputMustNormaliseItself() {
        Map<String, byte[]> pixels = TinyModels.takingPixels("a", "b", "c");
        refused(
                TinyModels.with(pixels, "preprocessor_config.json", TinyModels.PREPROCESSOR),
                "preprocessor_config.json: do_rescale (true) must be false: model.onnx takes 8-bit pixels, so the"
                        + " graph itself normalises them");
    }

    @Test
    void anExportNeedsOneInputAndIdentifiableScores() {
        ModelProto.Builder two = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        two.getGraphBuilder().addInput(TinyModels.value("training", List.of("1")));
        refused(
                TinyModels.with(EXPORT, "model.onnx", two.build().toByteArray()),
                "model.onnx takes inputs input, training; export it with one, the photos");

        ModelProto.Builder unnamed = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        unnamed.getGraphBuilder().getOutputBuilder(0).setName("first");
        unnamed.getGraphBuilder().getOutputBuilder(1).setName("second");
        refused(
                TinyModels.with(EXPORT, "model.onnx", unnamed.build().toByteArray()),
                "model.onnx has outputs first, second, none is called logits, and more than one has as many values as"
                        + " config.json has labels (3); name the one with the scores in a manifest.json");
    }

    @Test
    void goldenValuesMustBeOneCompleteOutput() {
        refused(
                inManifest(CLASSIFIER, "\"output\": \"logits\"", "\"output\": \"probs\""),
                "manifest.json has golden values for probs, which is none of its outputs embedding, logits;"
                        + " fix golden.output");
        refused(
                inManifest(CLASSIFIER, "\"values\": \\[[^]]*]", "\"values\": [1, 2]"),
                "manifest.json has 2 golden values for logits, which has 3; give all of one photo's");
    }

    @Test
    void errorsInTheManifestAreRejected() {
        refused(
                inManifest(CLASSIFIER, "\"format\": 1", "\"format\": 2"),
                "manifest.json: format (2) is newer than the format 1 read here; update Planisphere");
        refused(inManifest(CLASSIFIER, "\"version\": \"1\",", ""), "manifest.json lacks version; add it, a string");
        refused(
                inManifest(CLASSIFIER, "\"licence\": \"[^\"]*\",", ""),
                "manifest.json lacks licence; add it, a string");
        refused(
                inManifest(CLASSIFIER, "\"golden\": .*", "\"golden\": \"none\""),
                "manifest.json: golden (\"none\") must be a list of objects");
        refused(
                inManifest(CLASSIFIER, "\"softmax\"", "\"gelu\""),
                "manifest.json: outputs.scores.activation (\"gelu\") must be one of softmax, sigmoid, none");
        refused(
                inManifest(CLASSIFIER, "\"source\"", "\"preprocess\""),
                "manifest.json: preprocess (\"written by hand\") is not known here; take it out, known are files, format,"
                        + " golden, input, licence, name, outputs, source, task, temperature, training, version");
        refused(
                inManifest(CLASSIFIER, "\"scores\": \\{[^}]*}, ", ""),
                "manifest.json: task (\"classify\") needs outputs.scores; name the graph's output there");
        refused(
                TinyModels.with(CLASSIFIER, "manifest.json", "{\"format\": 1,\n \"format\": 1}"),
                "manifest.json is not JSON at line 2, column 10: Duplicate field 'format'");
    }

    @Test
    void invalidDecodingsAreRejected() {
        Map<String, byte[]> locator = TinyModels.hierarchy(TinyModels.CELLS, TinyModels.CELLS, 1);
        refused(
                inManifest(locator, "\"licence\"", "\"decoding\": {\"radius_scale\": 0}, \"licence\""),
                "manifest.json: decoding.radius_scale (0) must be above 0");
        refused(
                inManifest(locator, "\"licence\"", "\"decoding\": {\"mean_within_km\": -1}, \"licence\""),
                "manifest.json: decoding.mean_within_km (-1) must be 0 or more");
        refused(
                inManifest(CLASSIFIER, "\"licence\"", "\"decoding\": {}, \"licence\""),
                "manifest.json: decoding ({}) is not known here; take it out, known are files, format, golden, input,"
                        + " licence, name, outputs, source, task, temperature, training, version");
    }

    @Test
    void filesOfAManifestMustBeInItsFolder() {
        refused(
                inManifest(CLASSIFIER, "\"config.json\"", "\"../config.json\""),
                "manifest.json names ../config.json, which leaves the package's folder; use plain relative names");
    }

    @Test
    void anOpenWidthOfScoresIsCheckedDuringInference() {
        ModelProto.Builder graph = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3).toBuilder();
        graph.getGraphBuilder().setOutput(0, TinyModels.value("logits", List.of("N", "classes")));
        ModelPackage opened = open(written(model(graph.build())));

        opened.checkWidth(opened.heads().get(0), 3);
        assertThatThrownBy(() -> opened.checkWidth(opened.heads().get(0), 4))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageEndingWith("config.json names 3 labels but output logits has 4; fix id2label");
    }

    @Test
    void aPackageForAnotherJobIsRejected() {
        ModelPackage classifier = open(written(CLASSIFIER));
        assertThatThrownBy(() -> classifier.require(Task.LOCATE))
                .isInstanceOf(ModelPackageException.class)
                .hasMessage("Cannot open model package " + classifier.location()
                        + ": its task is classify but this job needs locate; give --model a package for locate");
    }

    private void refused(Map<String, byte[]> files, String problem) {
        Path directory = written(files);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(ModelPackageException.class)
                .hasMessage("Cannot open model package " + directory + ": " + problem);
    }

    private Path written(Map<String, byte[]> files) {
        try {
            return TinyModels.writeDirectory(Files.createTempDirectory(folder, "tiny"), files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelPackage open(Path directory) {
        return ModelPackage.open(directory.toString(), new Configuration(false));
    }

    /** Returns the files with one replaced and its digest updated in the manifest. */
    private static Map<String, byte[]> relisted(Map<String, byte[]> files, String name, String content) {
        return TinyModels.listed(TinyModels.with(files, name, content));
    }

    private static Map<String, byte[]> model(ModelProto model) {
        return TinyModels.listed(TinyModels.with(CLASSIFIER, "model.onnx", model.toByteArray()));
    }

    private static Map<String, byte[]> inManifest(Map<String, byte[]> files, String pattern, String replacement) {
        return TinyModels.with(
                files, "manifest.json", TinyModels.text(files, "manifest.json").replaceFirst(pattern, replacement));
    }
}
