package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.TrainedMobileNet;
import io.planisphere.model.Task;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a package for an untrained network of the MobileNet family.
 *
 * @param network network with its initial weights
 * @param onnx its ONNX graph
 * @param name name of the package
 * @param labels one label per class
 * @param cells cells.csv, one line per class, for a geolocator
 * @param licence terms of the weights
 * @param training how the weights were made, for readers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record InitialPackage(
        TrainedMobileNet network,
        byte[] onnx,
        String name,
        List<String> labels,
        Optional<byte[]> cells,
        String licence,
        ObjectNode training)
        implements NewPackage {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The central fraction of a photo that is the network's input, as in TF-slim. */
    private static final double CENTRAL = 0.875;

    private static final int BILINEAR = 2;
    private static final double MIDDLE = 0.5; // maps 0..1 to -1..1

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("model.onnx", onnx);
        files.put("config.json", bytes(config()));
        files.put("preprocessor_config.json", bytes(preprocessor()));
        cells.ifPresent(csv -> files.put("cells.csv", csv));
        return files;
    }

    @Override
    public List<String> outputs() {
        return List.of(Architecture.LOGITS, Architecture.EMBEDDING);
    }

    private ObjectNode config() {
        Architecture architecture = network.architecture();
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", architecture.name().replace('-', '_'));
        config.put("depth_multiplier", architecture.width());
        config.put("image_size", architecture.resolution());
        ObjectNode names = config.putObject("id2label");
        for (int i = 0; i < labels.size(); i++) {
            names.put(Integer.toString(i), labels.get(i));
        }
        return config;
    }

    private ObjectNode preprocessor() {
        int side = network.architecture().resolution();
        ObjectNode preprocessor = JSON.createObjectNode();
        preprocessor.put("do_resize", true);
        preprocessor.putObject("size").put("shortest_edge", Math.max(side, Math.round(side / CENTRAL)));
        preprocessor.put("resample", BILINEAR);
        preprocessor.put("do_center_crop", true);
        preprocessor.putObject("crop_size").put("height", side).put("width", side);
        preprocessor.put("do_rescale", true);
        preprocessor.put("rescale_factor", 1 / 255.0);
        preprocessor.put("do_normalize", true);
        preprocessor.putArray("image_mean").add(MIDDLE).add(MIDDLE).add(MIDDLE);
        preprocessor.putArray("image_std").add(MIDDLE).add(MIDDLE).add(MIDDLE);
        return preprocessor;
    }

    @Override
    public byte[] manifest(Map<String, String> sha256, ArrayNode goldens) {
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("format", 1);
        manifest.put("name", name);
        manifest.put("version", "1");
        manifest.put("task", (cells.isPresent() ? Task.LOCATE : Task.CLASSIFY).code());
        manifest.putObject("input").put("name", Architecture.INPUT).put("layout", "NCHW");
        ObjectNode outputs = manifest.putObject("outputs");
        outputs.putObject("scores").put("name", Architecture.LOGITS).put("activation", "softmax");
        outputs.putObject("embedding").put("name", Architecture.EMBEDDING);
        ObjectNode files = manifest.putObject("files");
        sha256.forEach(files::put);
        manifest.put("licence", licence);
        manifest.put("source", "initialised by Planisphere and not trained: its predictions mean nothing");
        manifest.set("training", training);
        manifest.set("golden", goldens);
        return bytes(manifest);
    }

    private static byte[] bytes(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
