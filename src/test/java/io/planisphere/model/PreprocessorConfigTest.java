package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Centring;
import io.planisphere.image.Preprocessing.Channels;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessorConfigTest {
    private static final List<Double> HALVES = List.of(0.5, 0.5, 0.5);

    /**
     * mobilenet_v1_0.75_192 resizes to its crop plus 32; made with transformers 5.23 by {@code MobileNetV1ImageProcessorPil(
     * size={"shortest_edge": 224}, crop_size={"height": 192, "width": 192}).to_json_string()}.
     */
    private static final String MOBILENET_V1_075_192 = """
            {
              "crop_size": {
                "height": 192,
                "width": 192
              },
              "do_center_crop": true,
              "do_normalize": true,
              "do_rescale": true,
              "do_resize": true,
              "image_mean": [
                0.5,
                0.5,
                0.5
              ],
              "image_processor_type": "MobileNetV1ImageProcessor",
              "image_std": [
                0.5,
                0.5,
                0.5
              ],
              "resample": 2,
              "rescale_factor": 0.00392156862745098,
              "size": {
                "shortest_edge": 224
              }
            }
            """;

    /** mobilenet_v2_1.0_224 with all the switches that the fast processors of transformers 4.5x write. */
    private static final String MOBILENET_V2_100_224 = """
            {
              "crop_size": {
                "height": 224,
                "width": 224
              },
              "data_format": "channels_first",
              "default_to_square": false,
              "device": null,
              "disable_grouping": null,
              "do_center_crop": true,
              "do_convert_rgb": null,
              "do_normalize": true,
              "do_pad": null,
              "do_reduce_labels": false,
              "do_rescale": true,
              "do_resize": true,
              "image_mean": [
                0.5,
                0.5,
                0.5
              ],
              "image_processor_type": "MobileNetV2ImageProcessorFast",
              "image_std": [
                0.5,
                0.5,
                0.5
              ],
              "input_data_format": null,
              "pad_size": null,
              "resample": 2,
              "rescale_factor": 0.00392156862745098,
              "return_tensors": null,
              "size": {
                "shortest_edge": 256
              }
            }
            """;

    private static final String EXPLICIT = TinyModels.PREPROCESSOR;

    @Test
    void preprocessingOfHuggingFaceMobileNetsIsRead() {
        assertThat(rule(MOBILENET_V1_075_192))
                .isEqualTo(new Preprocessing(
                        new Resize.ShortestSide(224),
                        new Size(192, 192),
                        Resampling.BILINEAR,
                        1 / 255.0,
                        HALVES,
                        HALVES,
                        Layout.NCHW));
        assertThat(rule(MOBILENET_V2_100_224))
                .isEqualTo(new Preprocessing(
                        new Resize.ShortestSide(256),
                        new Size(224, 224),
                        Resampling.BILINEAR,
                        1 / 255.0,
                        HALVES,
                        HALVES,
                        Layout.NCHW));
    }

    @Test
    void aFileWithOnlyTheNameOfAProcessorHasItsDefaults() {
        for (String type : List.of(
                "MobileNetV1ImageProcessor",
                "MobileNetV1ImageProcessorFast",
                "MobileNetV2ImageProcessor",
                "MobileNetV2ImageProcessorPil")) {
            assertThat(rule("{\"image_processor_type\": \"" + type + "\"}")).isEqualTo(rule(MOBILENET_V2_100_224));
        }
        assertThat(
                        rule(
                                "{\"feature_extractor_type\": \"MobileNetV1FeatureExtractor\", \"size\": 160, \"crop_size\": 128}"))
                .extracting(Preprocessing::resize, Preprocessing::crop)
                .containsExactly(new Resize.ShortestSide(160), new Size(128, 128));
    }

    @Test
    void aSingleSizeIsBothSidesWhereTheProcessorSaysSo() {
        assertThat(rule("{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 96}")
                        .resize())
                .isEqualTo(new Resize.Exact(new Size(96, 96)));
        assertThat(rule("{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": 96}")
                        .resize())
                .isEqualTo(new Resize.ShortestSide(96));
        assertThat(rule("{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": 96, \"default_to_square\": true}")
                        .resize())
                .isEqualTo(new Resize.Exact(new Size(96, 96)));
        refused(
                "{\"image_processor_type\": \"SiglipImageProcessor\", \"size\": 96}",
                "do_center_crop (false) leaves tensors as different in size as photos are; set it to true with a"
                        + " crop_size, or give size a height and a width");
    }

    @Test
    void disabledStepsAreIgnored() {
        Preprocessing rule = rule("""
                {"do_resize": false, "do_center_crop": true, "crop_size": {"height": 24, "width": 32},
                 "do_rescale": false, "do_normalize": false, "data_format": "channels_last"}
                """, Layout.NHWC);

        assertThat(rule)
                .isEqualTo(new Preprocessing(
                        new Resize.None(),
                        new Size(32, 24),
                        Resampling.BILINEAR,
                        1,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        Layout.NHWC));
    }

    @Test
    void everyPillowFilterIsReadByItsNumber() {
        List<Resampling> filters = List.of(
                Resampling.NEAREST,
                Resampling.LANCZOS,
                Resampling.BILINEAR,
                Resampling.BICUBIC,
                Resampling.BOX,
                Resampling.HAMMING);
        for (int number = 0; number < filters.size(); number++) {
            assertThat(rule(changed("\"resample\": 2", "\"resample\": " + number))
                            .resampling())
                    .isEqualTo(filters.get(number));
        }
        refused(
                changed("\"resample\": 2", "\"resample\": 6"),
                "resample (6) must be a filter of Pillow: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming");
    }

    @Test
    void oneMeanOrDeviationAppliesToAllChannels() {
        assertThat(rule(changed("\"image_mean\": \\[0.5, 0.5, 0.5]", "\"image_mean\": 0.25"))
                        .mean())
                .containsExactly(0.25, 0.25, 0.25);
    }

    @Test
    void withoutAProcessorsNameEveryStepMustBeStated() {
        refused("{\"do_resize\": true}", "preprocessor_config.json lacks size; add it, an object");
        assertThatThrownBy(() -> rule(changed("\"rescale_factor\": 0.00392156862745098,", "")))
                .hasMessage("preprocessor_config.json lacks rescale_factor; add it, a number");
    }

    @Test
    void processorsWithOtherMeaningsOfKeysAreRejected() {
        refused(
                changed("\\{\n", "{\"image_processor_type\": \"LevitImageProcessor\","),
                "image_processor_type (\"LevitImageProcessor\") is not read here (Bit, CLIP, EfficientNet, MobileNetV1,"
                        + " MobileNetV2, Siglip, ViT are); if every step is stated in the file and means what it does in"
                        + " CLIPImageProcessor, take the key out");
    }

    @Test
    void keysThatWouldChangeThePixelsAreRejected() {
        refused(
                changed("\\{\n", "{\"do_pad\": true,"),
                "do_pad (true) asks for a step that is not done here; export a model that does without it");
        refused(
                changed("\\{\n", "{\"crop_pct\": 0.875,"),
                "crop_pct (0.875) is not read here; state the resize in size and the crop in crop_size");
        refused(
                changed("\\{\n", "{\"use_square_size\": true,"),
                "use_square_size (true) asks for a step that is not done here; export a model that does without it");
        refused(
                changed("\\{\n", "{\"patch_size\": 16,"),
                "patch_size (16) is not known here and may change the pixels; take it out if it does not");
    }

    @Test
    void flippedChannelsHaveTheMeansOfTheirColours() {
        Preprocessing rule =
                rule(changed("\\{\n", "{\"do_flip_channel_order\": true, \"crop_rounding\": \"half_even\","));
        Preprocessing plain = rule(EXPLICIT);
        assertThat(rule.channels()).isEqualTo(Channels.BGR);
        assertThat(rule.centring()).isEqualTo(Centring.HALF_EVEN);
        assertThat(rule.mean())
                .containsExactly(
                        plain.mean().get(2), plain.mean().get(1), plain.mean().get(0));
        assertThat(rule.std())
                .containsExactly(
                        plain.std().get(2), plain.std().get(1), plain.std().get(0));
        refused(changed("\\{\n", "{\"crop_rounding\": \"up\","), "crop_rounding (\"up\") must be down or half_even");
    }

    @Test
    void timmsConfigurationIsReadAsItsTransformsAre() {
        Preprocessing rule = rule(timm("\"crop_pct\": 0.875"));
        assertThat(rule.resize()).isEqualTo(new Resize.ShortestSide(256));
        assertThat(rule.crop()).isEqualTo(new Size(224, 224));
        assertThat(rule.resampling()).isEqualTo(Resampling.BICUBIC);
        assertThat(rule.mean()).containsExactly(0.485, 0.456, 0.406);
        // floor(224 / 0.95) = 235
        assertThat(rule(timm("\"crop_pct\": 0.95, \"crop_mode\": \"squash\"")).resize())
                .isEqualTo(new Resize.Exact(new Size(235, 235)));
        refused(timm("\"crop_pct\": 1.5"), "pretrained_cfg.crop_pct (1.5) must be above 0, and at most 1");
        refused(
                timm("\"crop_mode\": \"border\""),
                "pretrained_cfg.crop_mode (\"border\") must be center or squash; for another write a preprocessor_config.json");
    }

    private static String timm(String more) {
        return "{\"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"interpolation\": \"bicubic\", " + more + "}}";
    }

    @Test
    void keysThatDoNotChangeThePixelsAreIgnored() {
        assertThat(rule(changed(
                        "\\{\n",
                        "{\"do_pad\": false, \"crop_pct\": null, \"do_convert_rgb\": true, \"device\": \"cpu\","
                                + " \"processor_class\": \"Any\", \"_valid_processor_keys\": [\"images\"],")))
                .isEqualTo(rule(EXPLICIT));
    }

    @Test
    void tensorsOfDifferentSizesAreRejected() {
        refused(
                changed("\"size\": \\{[^}]*}", "\"size\": {\"shortest_edge\": 8}"),
                "do_center_crop (false) leaves tensors as different in size as photos are; set it to true with a"
                        + " crop_size, or give size a height and a width");
        refused(
                changed("\"size\": \\{[^}]*}", "\"size\": {\"shortest_edge\": 8, \"longest_edge\": 12}"),
                "size ({\"shortest_edge\":8,\"longest_edge\":12}) must give shortest_edge, or height and width");
    }

    @Test
    void invalidValuesAreRejected() {
        refused(changed("\"height\": 8", "\"height\": 0"), "size.height (0) must be a whole number of at least 1");
        refused(changed("\"height\": 8", "\"height\": 8.5"), "size.height (8.5) must be a whole number of at least 1");
        refused(
                changed("\"image_std\": \\[0.5, 0.5, 0.5]", "\"image_std\": [0.5, 0, 0.5]"),
                "image_std ([0.5,0,0.5]) must be above 0");
        refused(
                changed("\"image_mean\": \\[0.5, 0.5, 0.5]", "\"image_mean\": [0.5]"),
                "image_mean ([0.5]) must hold one number per channel, three");
        refused(
                changed("\"do_rescale\": true", "\"do_rescale\": \"yes\""),
                "do_rescale (\"yes\") must be true or false");
        refused(
                changed("\\{\n", "{\"data_format\": \"channels_last\","),
                "data_format (\"channels_last\") contradicts the input's layout NCHW; correct one of them");
    }

    @Test
    void equivalentConfigsHaveTheSameDigest() {
        String canonical = PreprocessorConfig.canonical(rule(MOBILENET_V2_100_224));

        assertThat(PreprocessorConfig.canonical(rule("{\"image_processor_type\": \"MobileNetV1ImageProcessor\"}")))
                .isEqualTo(canonical);
        assertThat(PreprocessorConfig.canonical(rule(MOBILENET_V1_075_192))).isNotEqualTo(canonical);
    }

    private static void refused(String json, String problem) {
        String prefix = problem.startsWith("preprocessor_config.json") ? "" : "preprocessor_config.json: ";
        assertThatThrownBy(() -> rule(json)).hasMessage(prefix + problem);
    }

    private static String changed(String pattern, String replacement) {
        return EXPLICIT.replaceFirst(pattern, replacement);
    }

    private static Preprocessing rule(String json) {
        return rule(json, Layout.NCHW);
    }

    private static Preprocessing rule(String json, Layout layout) {
        return PreprocessorConfig.parse(json.getBytes(StandardCharsets.UTF_8))
                .preprocessing(layout, Preprocessing.Element.FLOAT);
    }
}
