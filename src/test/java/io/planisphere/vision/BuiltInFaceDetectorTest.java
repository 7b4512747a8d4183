package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Crop;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Compares the network in the jar with golden.py, which runs it in Python. */
class BuiltInFaceDetectorTest {
    private static final Path GOLDEN = Path.of("src/test/resources/detect");

    @Test
    void detectionsInADrawingAgreeWithPython() throws IOException {
        ModelPackage model = ModelPackage.open("builtin:face-detector", new Configuration(false));
        Detector detector = new Detector(model, 0.085);
        List<EncodedImage> photos =
                List.of(new EncodedImage.Ok("drawn", "drawn.png", Files.readAllBytes(GOLDEN.resolve("drawn.png"))));
        List<Detection> faces;
        try (Session session = Session.open(model, 1);
                Scorer scorer = new Scorer(
                        photos.iterator(),
                        session,
                        model,
                        new InferenceSpec(detector.outputs(), Crop.first(1)),
                        new ImageLimits(1_000_000, 1_000_000),
                        4)) {
            Scored photo = scorer.next();
            faces = detector.detect(photo.views().get(0), photo.width(), photo.height());
        }

        List<String> lines = Files.readAllLines(GOLDEN.resolve("golden.csv"));
        assertThat(faces).hasSize(lines.size() - 1).hasSizeGreaterThan(1);
        for (int i = 0; i < faces.size(); i++) {
            double[] golden = Arrays.stream(lines.get(i + 1).split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            Detection face = faces.get(i);
            assertThat(model.labels().get(face.label())).isEqualTo("face");
            assertThat((double) face.score()).isCloseTo(golden[0], within(1e-3));
            assertThat(new double[] {
                        face.box().xmin(),
                        face.box().ymin(),
                        face.box().xmax(),
                        face.box().ymax()
                    })
                    .containsExactly(Arrays.copyOfRange(golden, 1, 5), within(0.1));
        }
    }
}
