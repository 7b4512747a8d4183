package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.model.Embedding;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of a package of an export: the same network, with everything stated that reading the export assumes.
 *
 * @param export classifier, geolocator or embedder without a manifest
 * @param name name of the package
 * @param licence terms of the weights
 * @param source where it comes from, for readers
 */
public record ImportedPackage(ModelPackage export, String name, String licence, String source) implements NewPackage {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("model.onnx", export.model());
        files.put("preprocessor_config.json", export.preprocessorConfig());
        if (!export.labels().isEmpty()) {
            ObjectNode config = JSON.createObjectNode();
            ObjectNode labels = config.putObject("id2label");
            for (int id = 0; id < export.labels().size(); id++) {
                labels.put(Integer.toString(id), export.labels().get(id));
            }
            files.put("config.json", bytes(config));
        }
        if (export.task() == Task.LOCATE) {
            export.heads().forEach(head -> files.put(head.cellsFile(), export.cells(head)));
        }
        return files;
    }

    @Override
    public Optional<ModelPackage> weights() {
        return Optional.of(export);
    }

    @Override
    public List<String> outputs() {
        return Stream.concat(
                        export.heads().stream().map(Head::output), export.embedding().map(Embedding::output).stream())
                .toList();
    }

    @Override
    public byte[] manifest(Map<String, String> sha256, ArrayNode goldens) {
        ObjectNode manifest = JSON.createObjectNode()
                .put("format", 1)
                .put("name", name)
                .put("version", "1")
                .put("task", export.task().code());
        manifest.putObject("input")
                .put("name", export.input())
                .put("layout", export.preprocessing().layout().name());
        ObjectNode outputs = manifest.putObject("outputs");
        export.heads()
                .forEach(head -> outputs.putObject("scores")
                        .put("name", head.output())
                        .put("activation", head.activation().code()));
        export.embedding().ifPresent(vector -> outputs.putObject("embedding").put("name", vector.output()));
        ObjectNode files = manifest.putObject("files");
        sha256.forEach(files::put);
        manifest.put("licence", licence).put("source", source);
        manifest.set("golden", goldens);
        return bytes(manifest);
    }

    private static byte[] bytes(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
