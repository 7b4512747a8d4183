package io.planisphere.earth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Partition;
import io.planisphere.model.Decoding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the model package: the graph, its cells, the Hugging Face configuration and the manifest. */
final class EarthPackage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EarthPackage() {}

    /**
     * @param golden the logits of {@link #ramp()}, from the network that was trained and not from the graph written
     * @param training what the manifest tells of the training
     */
    static void write(
            Path directory,
            byte[] onnx,
            Partition partition,
            float[] golden,
            Decoding decoding,
            Map<String, Object> training)
            throws IOException {
        Files.createDirectories(directory);
        StringBuilder cells = new StringBuilder();
        partition.write(cells);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("model.onnx", onnx);
        files.put("config.json", json(config(partition)));
        files.put("preprocessor_config.json", json(preprocessor()));
        files.put("cells.csv", cells.toString().getBytes(StandardCharsets.UTF_8));
        Map<String, String> digests = new LinkedHashMap<>();
        files.forEach((name, bytes) -> digests.put(name, sha256(bytes)));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        Files.write(directory.resolve("manifest.json"), json(manifest(digests, golden, decoding, training)));
    }

    /** The input of the golden vector: element i is {@code ((i · 31) mod 256 − 127.5) / 127.5}. */
    static float[] ramp() {
        int size = Network.SHAPE.resolution();
        float[] ramp = new float[3 * size * size];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (i * 31 % 256 - 127.5f) / 127.5f;
        }
        return ramp;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static Map<String, Object> config(Partition partition) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("MobileNetV1ForImageClassification"));
        config.put("model_type", "mobilenet_v1");
        config.put("depth_multiplier", Network.SHAPE.width());
        config.put("image_size", Network.SHAPE.resolution());
        Map<String, String> labels = new LinkedHashMap<>();
        for (Cell cell : partition.cells()) {
            labels.put(Integer.toString(cell.label()), cell.token());
        }
        config.put("id2label", labels);
        return config;
    }

    private static Map<String, Object> preprocessor() {
        int size = Network.SHAPE.resolution();
        Map<String, Object> preprocessor = new LinkedHashMap<>();
        preprocessor.put("do_resize", true);
        preprocessor.put("size", Map.of("shortest_edge", size));
        preprocessor.put("resample", 2);
        preprocessor.put("do_center_crop", true);
        preprocessor.put("crop_size", ordered("height", size, "width", size));
        preprocessor.put("do_rescale", true);
        preprocessor.put("rescale_factor", 0.00392156862745098);
        preprocessor.put("do_normalize", true);
        preprocessor.put("image_mean", List.of(0.5, 0.5, 0.5));
        preprocessor.put("image_std", List.of(0.5, 0.5, 0.5));
        return preprocessor;
    }

    static Map<String, Object> decoding(Decoding decoding) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put(Decoding.MEAN_WITHIN_KM, decoding.meanWithinKm());
        keys.put(Decoding.RADIUS_SCALE, decoding.radiusScale());
        keys.put(Decoding.RADIUS90_SCALE, decoding.radius90Scale());
        return keys;
    }

    private static Map<String, Object> manifest(
            Map<String, String> digests, float[] golden, Decoding decoding, Map<String, Object> training) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format", 1);
        manifest.put("name", "earth");
        manifest.put("version", "1");
        manifest.put("task", "locate");
        manifest.put("input", ordered("name", "input", "layout", "NCHW"));
        manifest.put(
                "outputs",
                ordered(
                        "scores",
                        ordered("name", "logits", "activation", "softmax"),
                        "embedding",
                        Map.of("name", "embedding")));
        manifest.put(Decoding.KEY, decoding(decoding));
        manifest.put("files", digests);
        manifest.put("licence", "Apache-2.0");
        manifest.put("source", "trained from scratch on windows of NASA's Blue Marble by src/earth/train.sh");
        manifest.put("training", training);
        Map<String, Object> vector = ordered("pattern", "ramp", "output", "logits");
        vector.put("values", sevenDigits(golden));
        vector.put("tolerance", 1e-3);
        manifest.put("golden", List.of(vector));
        return manifest;
    }

    private static List<BigDecimal> sevenDigits(float[] values) {
        List<BigDecimal> rounded = new ArrayList<>();
        for (float value : values) {
            rounded.add(new BigDecimal(value).round(new MathContext(7)));
        }
        return rounded;
    }

    private static Map<String, Object> ordered(String key, Object value, String nextKey, Object nextValue) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        map.put(nextKey, nextValue);
        return map;
    }

    private static byte[] json(Map<String, Object> content) throws JsonProcessingException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content);
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
