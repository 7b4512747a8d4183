package io.planisphere.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The image processors of transformers that are read here, with their defaults in version 5.24. They share their steps (resize,
 * centre crop, rescale, normalise) and the meanings of their keys; those of other families do not (Levit's resizes to 256/224 of
 * {@code shortest_edge}).
 */
final class ImageProcessors {
    private static final String HALVES = "[0.5, 0.5, 0.5]";
    private static final String CLIP_MEAN = "[0.48145466, 0.4578275, 0.40821073]";
    private static final String CLIP_STD = "[0.26862954, 0.26130258, 0.27577711]";

    // Pillow's numbers of filters
    private static final int BILINEAR = 2;
    private static final int BICUBIC = 3;

    private static final List<String> SUFFIXES =
            List.of("ImageProcessor", "ImageProcessorFast", "ImageProcessorPil", "FeatureExtractor");

    /** The defaults by processor name without suffix. */
    private static final Map<String, JsonObject> FAMILIES = Map.of(
            "MobileNetV1", shortestEdge(256, BILINEAR, HALVES, HALVES),
            "MobileNetV2", shortestEdge(256, BILINEAR, HALVES, HALVES),
            "CLIP", shortestEdge(224, BICUBIC, CLIP_MEAN, CLIP_STD),
            // the processor of DINOv2, whose checkpoints state shortest edge 256 and ImageNet's means
            "Bit", shortestEdge(224, BICUBIC, CLIP_MEAN, CLIP_STD),
            "Siglip", stretched(224, BICUBIC, HALVES, HALVES, false, ""),
            "ViT", stretched(224, BILINEAR, HALVES, HALVES, true, ""),
            "EfficientNet",
                    stretched(
                            346,
                            BICUBIC, // nearest before version 5; files state it
                            HALVES,
                            HALVES,
                            true,
                            "\"rescale_offset\": false, \"include_top\": true,"
                                    + " \"crop_size\": {\"height\": 289, \"width\": 289},"));

    private static final Map<String, JsonObject> BY_TYPE = new HashMap<>();

    static {
        FAMILIES.forEach((family, defaults) -> SUFFIXES.forEach(suffix -> BY_TYPE.put(family + suffix, defaults)));
    }

    private ImageProcessors() {}

    /** Returns the defaults of a processor by its class name; empty if it is not read here. */
    static Optional<JsonObject> defaults(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** Returns the names of the families, for messages. */
    static String names() {
        return String.join(", ", new TreeSet<>(FAMILIES.keySet()));
    }

    private static JsonObject shortestEdge(int side, int filter, String mean, String std) {
        return defaults(
                "{\"shortest_edge\": " + side + "}",
                filter,
                mean,
                std,
                true,
                false,
                "\"crop_size\": {\"height\": 224, \"width\": 224},");
    }

    private static JsonObject stretched(
            int side, int filter, String mean, String std, boolean numbersAreSquares, String more) {
        String size = "{\"height\": " + side + ", \"width\": " + side + "}";
        return defaults(size, filter, mean, std, false, numbersAreSquares, more);
    }

    private static JsonObject defaults(
            String size, int filter, String mean, String std, boolean crops, boolean numbersAreSquares, String more) {
        String json = String.format(Locale.ROOT, """
                {"do_resize": true, "size": %s, "default_to_square": %b, "resample": %d, "do_center_crop": %b, %s
                 "do_rescale": true, "rescale_factor": 0.00392156862745098,
                 "do_normalize": true, "image_mean": %s, "image_std": %s}
                """, size, numbersAreSquares, filter, crops, more, mean, std);
        return JsonObject.parse(PackageFiles.PREPROCESSOR, json.getBytes(StandardCharsets.UTF_8));
    }
}
