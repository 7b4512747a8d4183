package io.planisphere.quantize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.model.AttributeHead;
import io.planisphere.model.DetectionHead;
import io.planisphere.model.GalleryFile;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.train.NewPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of a package with a network in another precision; everything else is unchanged.
 *
 * @param original package that it is made from
 * @param name name of the new package
 * @param licence terms of the weights
 * @param network the new ONNX file
 * @param takesPixels whether it takes 8-bit pixels in NHWC and normalises them itself; otherwise it has the original's input
 * @param record how it was made, for readers; stored as {@code training.quantization}
 * @param tolerance tolerance of golden values, relative to the largest value
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RewrittenPackage(
        ModelPackage original,
        String name,
        String licence,
        byte[] network,
        boolean takesPixels,
        ObjectNode record,
        double tolerance)
        implements NewPackage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = "model.onnx";
    private static final String MANIFEST = "manifest.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(MODEL, network);
        byte[] rule = original.preprocessorConfig();
        files.put(PREPROCESSOR, takesPixels ? ofPixels(rule) : rule);
        manifestOfOriginal()
                .map(manifest -> manifest.path("files"))
                .orElseGet(() -> JSON.createObjectNode().put("config.json", "").put("cells.csv", ""))
                .fieldNames()
                .forEachRemaining(file -> {
                    if (!file.endsWith(".onnx") && !file.equals(PREPROCESSOR)) {
                        original.file(file).ifPresent(bytes -> files.put(file, bytes));
                    }
                });
        return files;
    }

    /** Returns the rule with the same resize and crop, but without normalisation. */
    private static byte[] ofPixels(byte[] rule) {
        ObjectNode json = (ObjectNode) read(rule);
        json.put("do_rescale", false).put("do_normalize", false);
        json.remove(List.of("rescale_factor", "image_mean", "image_std"));
        if (json.has("data_format")) {
            json.put("data_format", "channels_last");
        }
        return pretty(json);
    }

    @Override
    public Optional<GalleryFile> gallery() {
        return original.gallery();
    }

    @Override
    public List<String> outputs() {
        Stream<String> described = original.attributes().heads().stream().map(AttributeHead::output);
        Stream<String> detected =
                original.detection().map(DetectionHead::outputs).stream().flatMap(List::stream);
        Stream<String> scored = original.heads().stream().map(Head::output);
        return Stream.concat(scored, Stream.concat(described, detected)).toList();
    }

    @Override
    public byte[] manifest(Map<String, String> sha256, ArrayNode goldens) {
        ObjectNode manifest = manifestOfOriginal().orElseGet(this::declared);
        manifest.put("name", name);
        if (takesPixels) {
            ((ObjectNode) manifest.path("input")).put("layout", "NHWC");
        }
        boolean classes = original.task() == Task.LOCATE || original.task() == Task.CLASSIFY;
        if (classes && !manifest.path("outputs").has("embedding")) {
            original.embedding()
                    .ifPresent(vector -> ((ObjectNode) manifest.path("outputs"))
                            .putObject("embedding")
                            .put("name", vector.output()));
        }
        ObjectNode files = manifest.putObject("files");
        sha256.forEach(files::put);
        manifest.put("licence", licence);
        JsonNode training = manifest.path("training");
        ObjectNode provenance = training instanceof ObjectNode object ? object : JSON.createObjectNode();
        if (!training.isMissingNode() && !training.isObject()) {
            provenance.set("original", training);
        }
        ObjectNode made = JSON.createObjectNode();
        made.putObject("from")
                .put("name", original.name())
                .put("version", original.version())
                .put("location", original.location())
                .put("sha256", original.digest());
        made.setAll(record);
        provenance.set("quantization", made);
        manifest.set("training", provenance);
        manifest.set("golden", goldens);
        return pretty(manifest);
    }

    private Optional<ObjectNode> manifestOfOriginal() {
        return original.file(MANIFEST).map(bytes -> (ObjectNode) read(bytes));
    }

    /** Returns the declarations that the manifest of an export would have. */
    private ObjectNode declared() {
        ObjectNode manifest = JSON.createObjectNode()
                .put("format", 1)
                .put("name", name)
                .put("version", "1")
                .put("task", original.task().code());
        manifest.putObject("input")
                .put("name", original.input())
                .put("layout", original.preprocessing().layout().name());
        Head head = original.heads().get(0);
        manifest.putObject("outputs")
                .putObject("scores")
                .put("name", head.output())
                .put("activation", head.activation().name().toLowerCase(Locale.ROOT));
        return manifest;
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pretty(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
