package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Centring;
import io.planisphere.image.Preprocessing.Channels;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads preprocessor_config.json of Hugging Face transformers' {@link ImageProcessors} into a {@link Preprocessing}. Throws for
 * unsupported keys that would change the pixels.
 */
final class PreprocessorConfig {
    /** The key of this project for the rounding of an odd margin; Hugging Face's processors have no such choice. */
    private static final String CENTRING = "crop_rounding";

    /** Hugging Face's key for tensors of blue, green and red; the step is the last one, so means and deviations are of RGB. */
    private static final String BGR = "do_flip_channel_order";

    private static final List<String> TYPE_KEYS = List.of("image_processor_type", "feature_extractor_type");

    /** Keys without effect on a photo's tensor here: photos are always upright RGB, and do_reduce_labels is about label maps. */
    private static final Set<String> HARMLESS = Set.of(
            "processor_class",
            "do_convert_rgb",
            "do_reduce_labels",
            "input_data_format",
            "return_tensors",
            "device",
            "disable_grouping",
            "_processor_class",
            "_valid_processor_keys");

    /** Whether a single number as size is both sides rather than the shorter one. */
    private static final String SQUARE = "default_to_square";

    /** EfficientNet's further steps: 1 is subtracted after rescaling, and deviations are divided by once more. */
    private static final String OFFSET = "rescale_offset";

    private static final String TWICE = "include_top";

    private static final Set<String> STEPS = Set.of(
            "do_resize",
            "size",
            SQUARE,
            "resample",
            "do_center_crop",
            "crop_size",
            CENTRING,
            "do_rescale",
            "rescale_factor",
            OFFSET,
            "do_normalize",
            "image_mean",
            "image_std",
            TWICE,
            BGR,
            "data_format");

    /** Unsupported steps, which are accepted only when switched off. */
    private static final Set<String> STEPS_NOT_DONE = Set.of("do_pad", "use_square_size");

    /** Filters by Pillow's numbers. */
    private static final List<Resampling> PILLOW_FILTERS = List.of(
            Resampling.NEAREST,
            Resampling.LANCZOS,
            Resampling.BILINEAR,
            Resampling.BICUBIC,
            Resampling.BOX,
            Resampling.HAMMING);

    private final JsonObject json;

    private PreprocessorConfig(JsonObject json) {
        this.json = json;
    }

    /**
     * Returns the rule of a package: preprocessor_config.json, or timm's {@code pretrained_cfg} in config.json if there is no such
     * file.
     */
    static PreprocessorConfig of(PackageFiles files) {
        Optional<JsonObject> config =
                files.bytes(PackageFiles.CONFIG).map(bytes -> JsonObject.parse(PackageFiles.CONFIG, bytes));
        boolean ofTimm = files.bytes(PackageFiles.PREPROCESSOR).isEmpty()
                && config.filter(TimmConfig::isIn).isPresent();
        return ofTimm
                ? new PreprocessorConfig(TimmConfig.preprocessor(config.orElseThrow()))
                : parse(files.required(PackageFiles.PREPROCESSOR));
    }

    static PreprocessorConfig parse(byte[] bytes) {
        JsonObject json = JsonObject.parse(PackageFiles.PREPROCESSOR, bytes);
        if (TimmConfig.isIn(json)) {
            return new PreprocessorConfig(TimmConfig.preprocessor(json));
        }
        JsonObject complete = json;
        for (String key : TYPE_KEYS) {
            Optional<String> type = json.optionalText(key);
            if (type.isPresent()) {
                complete = complete.orElse(ImageProcessors.defaults(type.get())
                        .orElseThrow(() -> json.problem(
                                key,
                                "is not read here (" + ImageProcessors.names() + " are); if every step is stated in the"
                                        + " file and means what it does in CLIPImageProcessor, take the key out")));
            }
        }
        PreprocessorConfig config = new PreprocessorConfig(complete);
        config.refuseWhatIsNotUnderstood();
        return config;
    }

    /** Returns the rule as preprocessor_config.json, every step stated. */
    byte[] toBytes() {
        return json.toBytes();
    }

    /** Returns the order of axes in the file, if it has one. */
    Optional<Layout> layout() {
        return json.optionalText("data_format").map(format -> switch (format) {
            case "channels_first" -> Layout.NCHW;
            case "channels_last" -> Layout.NHWC;
            default -> throw json.problem("data_format", "must be channels_first or channels_last");
        });
    }

    /**
     * Returns the rule.
     *
     * @param layout layout of the graph's input
     * @param element element type of the graph's input
     */
    Preprocessing preprocessing(Layout layout, Element element) {
        if (layout().orElse(layout) != layout) {
            throw json.problem("data_format", "contradicts the input's layout " + layout + "; correct one of them");
        }
        boolean resizes = json.truth("do_resize");
        Resize resize = resizes ? resize() : new Resize.None();
        boolean normalises = json.truth("do_normalize");
        boolean rescales = json.truth("do_rescale");
        boolean dividesAgain = isOn(TWICE);
        if (element == Element.UINT8 && (rescales || normalises || dividesAgain)) {
            throw json.problem(
                    rescales ? "do_rescale" : normalises ? "do_normalize" : TWICE,
                    "must be false: model.onnx takes 8-bit pixels, so the graph itself normalises them");
        }
        boolean isBgr = isOn(BGR);
        double offset = rescales && isOn(OFFSET) ? 1 : 0;
        List<Double> mean = (normalises ? perChannel("image_mean") : Collections.nCopies(3, 0.0))
                .stream().map(value -> value + offset).toList();
        List<Double> deviations = Collections.nCopies(3, 1.0);
        for (int times = (normalises ? 1 : 0) + (dividesAgain ? 1 : 0); times > 0; times--) {
            deviations = product(deviations, deviations());
        }
        return new Preprocessing(
                resize,
                crop(resize),
                resizes ? resampling() : Resampling.BILINEAR,
                rescales ? positive("rescale_factor", json.number("rescale_factor")) : 1,
                isBgr ? reversed(mean) : mean,
                isBgr ? reversed(deviations) : deviations,
                layout,
                element,
                isBgr ? Channels.BGR : Channels.RGB,
                centring());
    }

    private Centring centring() {
        return json.optionalText(CENTRING)
                .map(text -> switch (text) {
                    case "down" -> Centring.DOWN;
                    case "half_even" -> Centring.HALF_EVEN;
                    default -> throw json.problem(CENTRING, "must be down or half_even");
                })
                .orElse(Centring.DOWN);
    }

    private boolean isOn(String key) {
        return json.has(key) && json.truth(key);
    }

    private static List<Double> product(List<Double> left, List<Double> right) {
        return List.of(left.get(0) * right.get(0), left.get(1) * right.get(1), left.get(2) * right.get(2));
    }

    private static List<Double> reversed(List<Double> ofRgb) {
        return List.of(ofRgb.get(2), ofRgb.get(1), ofRgb.get(0));
    }

    /** Returns the rule as canonical text: the same rule always has the same text, independent of the Java version. */
    static String canonical(Preprocessing rule) {
        String resize = rule.resize() instanceof Resize.ShortestSide side
                ? "shortest " + side.pixels()
                : rule.resize() instanceof Resize.Exact exact
                        ? "exact " + exact.size().width() + "x" + exact.size().height()
                        : "none";
        String text = String.join(
                "\n",
                resize,
                rule.resampling().name(),
                "crop " + rule.crop().width() + "x" + rule.crop().height(),
                "rescale " + Double.toHexString(rule.rescaleFactor()),
                "mean " + hexadecimal(rule.mean()),
                "std " + hexadecimal(rule.std()),
                rule.layout().name());
        // defaults are left out, so that digests from before the choices were added remain valid
        return text
                + (rule.element() == Element.FLOAT ? "" : "\n" + rule.element().name())
                + (rule.channels() == Channels.RGB ? "" : "\n" + rule.channels().name())
                + (rule.centring() == Centring.DOWN
                        ? ""
                        : "\n" + rule.centring().name());
    }

    private static String hexadecimal(List<Double> values) {
        return values.stream().map(Double::toHexString).collect(Collectors.joining(" "));
    }

    private void refuseWhatIsNotUnderstood() {
        for (String key : json.keys()) {
            if (STEPS.contains(key) || TYPE_KEYS.contains(key) || HARMLESS.contains(key)) {
                continue;
            }
            if (key.equals("crop_pct")) {
                throw json.problem(key, "is not read here; state the resize in size and the crop in crop_size");
            }
            if (!STEPS_NOT_DONE.contains(key)) {
                throw json.problem(key, "is not known here and may change the pixels; take it out if it does not");
            }
            if (json.truth(key)) {
                throw json.problem(key, "asks for a step that is not done here; export a model that does without it");
            }
        }
    }

    private Resize resize() {
        if (json.isNumber("size")) { // files from before transformers 4.26
            int side = json.wholeNumber("size", 1);
            return isOn(SQUARE) ? new Resize.Exact(new Size(side, side)) : new Resize.ShortestSide(side);
        }
        JsonObject size = json.object("size");
        if (size.keys().equals(Set.of("shortest_edge"))) {
            return new Resize.ShortestSide(size.wholeNumber("shortest_edge", 1));
        }
        if (size.keys().equals(Set.of("height", "width"))) {
            return new Resize.Exact(new Size(size.wholeNumber("width", 1), size.wholeNumber("height", 1)));
        }
        throw json.problem("size", "must give shortest_edge, or height and width");
    }

    private Size crop(Resize resize) {
        if (!json.truth("do_center_crop")) {
            if (resize instanceof Resize.Exact exact) {
                return exact.size();
            }
            throw json.problem(
                    "do_center_crop",
                    "leaves tensors as different in size as photos are; set it to true with a crop_size, or give size a"
                            + " height and a width");
        }
        if (json.isNumber("crop_size")) {
            int side = json.wholeNumber("crop_size", 1);
            return new Size(side, side);
        }
        JsonObject crop = json.object("crop_size");
        crop.allowOnly(Set.of("height", "width"));
        return new Size(crop.wholeNumber("width", 1), crop.wholeNumber("height", 1));
    }

    private Resampling resampling() {
        int number = json.wholeNumber("resample", 0);
        if (number >= PILLOW_FILTERS.size()) {
            throw json.problem(
                    "resample",
                    "must be a filter of Pillow: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming");
        }
        return PILLOW_FILTERS.get(number);
    }

    private List<Double> deviations() {
        List<Double> deviations = perChannel("image_std");
        deviations.forEach(deviation -> positive("image_std", deviation));
        return deviations;
    }

    private double positive(String key, double value) {
        if (value <= 0) {
            throw json.problem(key, "must be above 0");
        }
        return value;
    }

    private List<Double> perChannel(String key) {
        if (json.isNumber(key)) {
            return Collections.nCopies(3, json.number(key));
        }
        List<Double> values = json.numbers(key);
        if (values.size() != 3) {
            throw json.problem(key, "must hold one number per channel, three");
        }
        return values;
    }
}
