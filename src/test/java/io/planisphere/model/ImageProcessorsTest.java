package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Preparer;
import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors of transformers' image processors, made by transformers itself (golden.py). */
class ImageProcessorsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/preprocessors/golden.json");
    private static final Path PHOTOS = Path.of("src/samples/photos");

    static Stream<JsonNode> tensors() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(GOLDEN.toFile());
        assertThat(golden).hasSize(24);
        return StreamSupport.stream(golden.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void photosBecomeTheTensorsOfTransformers(JsonNode golden) throws IOException {
        byte[] config = golden.get("config").toString().getBytes(StandardCharsets.UTF_8);
        Preprocessing rule = PreprocessorConfig.parse(config).preprocessing(Layout.NCHW, Preprocessing.Element.FLOAT);
        byte[] photo = Files.readAllBytes(PHOTOS.resolve(golden.get("photo").textValue()));
        int height = golden.get("shape").get(1).intValue();
        int width = golden.get("shape").get(2).intValue();
        assertThat(rule.crop()).isEqualTo(new Preprocessing.Size(width, height));
        ByteBuffer pixels = ByteBuffer.allocateDirect(rule.elements());
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(rule)) {
            preparer.prepare(((Decoded.Ok) decoder.decode(photo, rule)).pixels(), pixels, 0);
        }
        for (JsonNode value : golden.get("values")) {
            int channel = value.get(0).intValue();
            int at = (channel * height + value.get(1).intValue()) * width
                    + value.get(2).intValue();
            assertThat(normalised(pixels.get(at) & 255, channel, rule))
                    .as(value.toString())
                    .isCloseTo(value.get(3).doubleValue(), within(2e-5));
        }
        for (int channel = 0; channel < 3; channel++) {
            double sum = 0;
            for (int i = 0; i < height * width; i++) {
                sum += normalised(pixels.get(channel * height * width + i) & 255, channel, rule);
            }
            assertThat(sum / (height * width))
                    .isCloseTo(golden.get("mean").get(channel).doubleValue(), within(1e-4));
        }
    }

    private static double normalised(int pixel, int channel, Preprocessing rule) {
        return (pixel * rule.rescaleFactor() - rule.mean().get(channel))
                / rule.std().get(channel);
    }
}
