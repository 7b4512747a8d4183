package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {
    private static final Configuration HADOOP = new Configuration(false);

    private final Path folder;

    ModelPackageTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aGeolocatorHasItsGraphRuleCellsAndGoldenValues() throws Exception {
        ModelPackage tiny = open(TinyModels.locate(TinyModels.CELLS));

        assertThat(tiny.name()).isEqualTo("tiny");
        assertThat(tiny.version()).isEqualTo("1");
        assertThat(tiny.task()).isEqualTo(Task.LOCATE);
        assertThat(tiny.input()).isEqualTo("input");
        assertThat(tiny.scores()).contains(new Scores("logits", Activation.SOFTMAX, OptionalInt.of(3)));
        assertThat(tiny.embedding()).contains(new Embedding("embedding", OptionalInt.of(3)));
        assertThat(tiny.maxBatch()).isEqualTo(Integer.MAX_VALUE);
        assertThat(tiny.cells())
                .hasValueSatisfying(csv -> assertThat(csv).asString().contains("89c25"));
        assertThat(tiny.goldens()).singleElement().satisfies(golden -> {
            assertThat(golden.output()).isEqualTo("logits");
            assertThat(golden.values()).hasSize(3);
        });
        assertThat(tiny.preprocessing())
                .isEqualTo(new Preprocessing(
                        new Resize.Exact(new Size(8, 8)),
                        new Size(8, 8),
                        Resampling.BILINEAR,
                        1 / 255.0,
                        Collections.nCopies(3, 0.5),
                        Collections.nCopies(3, 0.5),
                        Layout.NCHW));
    }

    @Test
    void aDirectoryItsZipAndAZippedFolderAreTheSamePackage() throws Exception {
        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        String digest = open(files).digest();

        for (String prefix : List.of("", "tiny-1.0/")) {
            Path zip = TinyModels.writeZip(folder.resolve("tiny.zip"), prefix, files);
            ModelPackage zipped = ModelPackage.open(zip.toString(), HADOOP);
            assertThat(zipped.digest()).isEqualTo(digest);
            assertThat(zipped.labels()).containsExactly("red", "green", "blue");
        }
    }

    @Test
    void aPackageArrivesWholeOnAnotherMachine() throws Exception {
        ModelPackage sent = open(TinyModels.locate(TinyModels.CELLS));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            ModelPackage arrived = (ModelPackage) in.readObject();
            assertThat(arrived.digest()).isEqualTo(sent.digest());
            assertThat(arrived.location()).isEqualTo(sent.location());
            assertThat(arrived.model()).isEqualTo(sent.model());
            assertThat(arrived.preprocessingDigest()).isEqualTo(sent.preprocessingDigest());
        }
    }

    private ModelPackage open(Map<String, byte[]> files) throws Exception {
        return ModelPackage.open(
                TinyModels.writeDirectory(folder.resolve("tiny"), files).toString(), HADOOP);
    }
}
