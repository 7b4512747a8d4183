package io.planisphere.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Compares with Pillow on a folder of real photos, which are not in the repository: run
 * {@code python3 src/test/resources/image/golden.py PHOTOS GOLDEN}, then this test with
 * {@code -Dphotos=PHOTOS -Dphotos.golden=GOLDEN}.
 */
@EnabledIfSystemProperty(named = "photos", matches = ".+")
class RealPhotosTest {
    private static final Preprocessing RULE = new Preprocessing(
            new Resize.ShortestSide(256),
            new Size(224, 224),
            Resampling.BILINEAR,
            1,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            Layout.NHWC);

    @Test
    void everyPhotoIsWithinHalfALevelOfPillow() throws IOException {
        Path photos = Path.of(System.getProperty("photos"));
        Path golden = Path.of(System.getProperty("photos.golden"));
        ByteBuffer tensor = Tensors.buffer(RULE);
        int compared = 0;
        try (Decoder decoder = new Decoder(ImageLimits.DEFAULT);
                Preparer preparer = new Preparer(RULE);
                Stream<Path> files = Files.walk(photos)) {
            for (Path photo : files.filter(Files::isRegularFile).sorted().toList()) {
                Path expected =
                        golden.resolve(photos.relativize(photo).toString().replace('/', '_') + ".png");
                if (Files.exists(expected)) {
                    Decoded decoded = decoder.decode(Samples.bytes(photo), RULE);
                    assertThat(decoded).as(photo.toString()).isInstanceOf(Decoded.Ok.class);
                    preparer.prepare(((Decoded.Ok) decoded).pixels(), tensor, 0);
                    assertThat(Samples.rgb(expected).meanDifference(Tensors.values(tensor)))
                            .as(photo.toString())
                            .isLessThanOrEqualTo(0.5);
                    compared++;
                }
            }
        }
        assertThat(compared).isPositive();
    }
}
