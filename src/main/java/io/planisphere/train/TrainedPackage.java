package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.model.Decoding;
import io.planisphere.model.GalleryFile;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Retrieval;
import io.planisphere.onnx.OnnxHeads;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The content of a package with a backbone and trained heads.
 *
 * @param backbone backbone with the embedding that the heads were trained on
 * @param name name of the new package
 * @param licence terms of the weights
 * @param temperature divisor of all logits; empty if it was not fitted
 * @param decoding how probabilities over cells become places and radii; {@link Decoding#NONE} if classes are not places
 * @param trainedGallery gallery of training photos
 * @param training provenance, for readers; {@code backbone} is added to it
 */
public record TrainedPackage(
        ModelPackage backbone,
        String name,
        String licence,
        Heads heads,
        OptionalDouble temperature,
        Decoding decoding,
        Optional<TrainedGallery> trainedGallery,
        ObjectNode training)
        implements NewPackage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREPROCESSOR = "preprocessor_config.json";

    /** Returns the name of the backbone's embedding. */
    public static String embeddingOf(ModelPackage backbone) {
        return backbone.embedding()
                .orElseThrow(() -> new IllegalArgumentException("Model package " + backbone.location()
                        + " offers no embedding to put a head on; name it in its manifest.json, outputs.embedding"))
                .output();
    }

    /**
     * Checks, before training, that a backbone can take heads of these names.
     *
     * @throws IllegalArgumentException if the network is too old, does not output floats, or already has a value of such a name
     */
    public static void checkTakes(ModelPackage backbone, List<String> heads) {
        int width = backbone.embedding().orElseThrow().width().orElse(1);
        SoftmaxHead trial = new SoftmaxHead(new float[width], new float[1]);
        fuse(backbone, Heads.outputNames(heads).stream().map(trial::toOnnx).toList());
    }

    private static byte[] fuse(ModelPackage backbone, List<OnnxHeads.Head> heads) {
        return OnnxHeads.fuse("The network of " + backbone.location(), backbone.model(), embeddingOf(backbone), heads);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the heads do not fit the backbone
     */
    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>(heads.files());
        files.put(
                "model.onnx",
                fuse(
                        backbone,
                        heads.outputs().stream()
                                .map(output -> output.head().toOnnx(output.name()))
                                .toList()));
        files.put(PREPROCESSOR, backbone.preprocessorConfig());
        return files;
    }

    @Override
    public Optional<ModelPackage> weights() {
        return Optional.of(backbone);
    }

    @Override
    public Optional<GalleryFile> gallery() {
        return trainedGallery.map(TrainedGallery::file);
    }

    @Override
    public List<String> outputs() {
        return Stream.concat(
                        Stream.of(embeddingOf(backbone)),
                        heads.outputs().stream().map(Heads.Output::name))
                .toList();
    }

    @Override
    public byte[] manifest(Map<String, String> sha256, ArrayNode goldens) {
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("format", 1);
        manifest.put("name", name);
        manifest.put("version", "1");
        manifest.put("task", heads.task().code());
        manifest.putObject("input")
                .put("name", backbone.input())
                .put("layout", backbone.preprocessing().layout().name());
        declareOutputs(manifest.putObject("outputs"));
        temperature.ifPresent(value -> manifest.put("temperature", value));
        if (!decoding.equals(Decoding.NONE)) {
            manifest.putObject(Decoding.KEY)
                    .put(Decoding.MEAN_WITHIN_KM, decoding.meanWithinKm())
                    .put(Decoding.RADIUS_SCALE, decoding.radiusScale())
                    .put(Decoding.RADIUS90_SCALE, decoding.radius90Scale());
        }
        trainedGallery
                .map(TrainedGallery::rule)
                .ifPresent(rule -> manifest.putObject(Retrieval.KEY)
                        .put(Retrieval.BACKBONE, rule.backbone())
                        .put(Retrieval.CELLS_SHARE, rule.cellsShare())
                        .put(Retrieval.NEIGHBOURS, rule.neighbours())
                        .put(Retrieval.WITHIN_KM, rule.withinKm())
                        .put(Retrieval.MIN_SIMILARITY, rule.minSimilarity())
                        .put(Retrieval.RADIUS_KM, rule.radiusKm())
                        .put(Retrieval.RADIUS90_KM, rule.radius90Km()));
        ObjectNode files = manifest.putObject("files");
        sha256.forEach(files::put);
        manifest.put("licence", licence);
        manifest.put("source", "heads fitted by Planisphere on the embedding of " + backbone.name());
        ObjectNode provenance = manifest.putObject("training");
        provenance
                .putObject("backbone")
                .put("name", backbone.name())
                .put("version", backbone.version())
                .put("location", backbone.location())
                .put("sha256", backbone.digest());
        provenance.setAll(training);
        manifest.set("golden", goldens);
        return (manifest.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void declareOutputs(ObjectNode declared) {
        List<ObjectNode> scores = heads.outputs().stream()
                .map(output ->
                        JSON.createObjectNode().put("name", output.name()).put("activation", "softmax"))
                .toList();
        if (scores.size() == 1) {
            declared.set("scores", scores.get(0));
        } else {
            ArrayNode several = declared.putArray("scores");
            for (int i = 0; i < scores.size(); i++) {
                several.add(scores.get(i).put("cells", heads.outputs().get(i).file()));
            }
        }
        declared.putObject("embedding").put("name", embeddingOf(backbone));
    }
}
