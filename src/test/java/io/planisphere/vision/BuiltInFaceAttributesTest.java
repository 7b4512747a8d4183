package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Decoded;
import io.planisphere.image.Decoder;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Preparer;
import io.planisphere.image.Region;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class BuiltInFaceAttributesTest {
    private static final Path PHOTO = Path.of("src/test/resources/image/resize/source.png");

    /**
     * The image is not a face, but its numbers can be compared: those of Pillow 13.0
     * ({@code crop((-20, -7, 70, 83)).resize((224, 224), BILINEAR)}) and ONNX Runtime in Python. Opening the session also
     * checks the package's golden values.
     */
    @Test
    void predictionsAgreeWithPythonForTheSameSquare() throws IOException {
        ModelPackage model = ModelPackage.open("builtin:face-attributes", new Configuration(false));
        AttributeValues values = new AttributeValues(model.attributes(), Set.of("age", "gender"), 1);
        try (Session session = Session.open(model, 1);
                Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(model.preprocessing());
                Inference inference = session.newInference(values.outputs(), 1, 1)) {
            Decoded.Ok photo = (Decoded.Ok) decoder.decodeWhole(Files.readAllBytes(PHOTO));
            preparer.prepare(photo.pixels(), Region.square(-20, -7, 90), inference.input(), 0);

            Inferred.Outputs outputs = (Inferred.Outputs) inference.run(1).get(0);

            Map<String, Float> face = values.of(outputs.values());
            assertThat(face.get("age")).isCloseTo(37.97652f, within(1e-3f));
            assertThat(face.get("gender")).isCloseTo(0.661266f, within(1e-4f));
            Map<String, byte[]> soft = new SoftAttributes(model, values.heads(), 2).of(outputs);
            // the sigmoid is inverted: ln(p / (1 - p)) = 0.66893, of which half
            assertThat(soft).containsOnlyKeys("age", "gender");
            assertThat(HalfFloat.decode(Objects.requireNonNull(soft.get("gender"))))
                    .containsExactly(new float[] {0.58285f}, within(5e-4f));
        }
    }
}
