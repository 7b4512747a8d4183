package io.planisphere.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The preprocessing of timm's models as timm writes it, {@code pretrained_cfg} in config.json: what {@code
 * timm.data.create_transform(**timm.data.resolve_data_config(cfg))} does to a photo at evaluation. The rule is that of torchvision:
 * the shorter side is resized to {@code input_size / crop_pct}, rounded down, and the centre is cropped.
 */
final class TimmConfig {
    private static final String KEY = "pretrained_cfg";

    /** timm's default, {@code DEFAULT_CROP_PCT}. */
    private static final double CROP_SHARE = 0.875;

    /** Pillow's filters under timm's names, by Pillow's numbers. */
    private static final List<String> FILTERS = List.of("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming");

    private TimmConfig() {}

    static boolean isIn(JsonObject json) {
        return json.has(KEY);
    }

    /** Returns the same rule with the keys of preprocessor_config.json. */
    static JsonObject preprocessor(JsonObject config) {
        JsonObject timm = config.object(KEY);
        List<Double> input = timm.numbers("input_size");
        if (input.size() != 3 || input.get(0) != 3 || !input.get(1).equals(input.get(2))) {
            throw timm.problem("input_size", "must be [3, N, N]; for other shapes write a preprocessor_config.json");
        }
        int side = input.get(1).intValue();
        double share = timm.has("crop_pct") ? timm.number("crop_pct") : CROP_SHARE;
        if (!(share > 0 && share <= 1)) {
            throw timm.problem("crop_pct", "must be above 0, and at most 1");
        }
        String filter = timm.optionalText("interpolation").orElse("bilinear");
        if (!FILTERS.contains(filter)) {
            throw timm.problem("interpolation", "must be one of " + FILTERS);
        }
        String mode = timm.optionalText("crop_mode").orElse("center");
        int resized = (int) Math.floor(side / share);
        String size = switch (mode) {
            case "center" -> "{\"shortest_edge\": " + resized + "}";
            case "squash" -> "{\"height\": " + resized + ", \"width\": " + resized + "}";
            default ->
                throw timm.problem(
                        "crop_mode", "must be center or squash; for another write a preprocessor_config.json");
        };
        String json = String.format(
                Locale.ROOT,
                """
                {"do_resize": true, "size": %s, "resample": %d, "do_center_crop": true, "crop_size": %d,
                 "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": %s,
                 "image_std": %s, "crop_rounding": "half_even"}
                """,
                size,
                FILTERS.indexOf(filter),
                side,
                channels(timm, "mean", List.of(0.485, 0.456, 0.406)),
                channels(timm, "std", List.of(0.229, 0.224, 0.225)));
        return JsonObject.parse(PackageFiles.CONFIG, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Double> channels(JsonObject timm, String key, List<Double> ofImageNet) {
        return timm.has(key) ? timm.numbers(key) : ofImageNet;
    }

    /** Returns the licence of the weights that timm states. */
    static Optional<String> licence(JsonObject config) {
        return config.optionalObject(KEY).flatMap(timm -> timm.optionalText("license"));
    }
}
