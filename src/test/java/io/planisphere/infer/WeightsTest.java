package io.planisphere.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.TinyModels;
import io.planisphere.source.AwayFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    private static final String DATA = "model.onnx_data";
    private static final Map<String, byte[]> WHOLE = TinyModels.classify("red", "green", "blue");

    @TempDir
    private Path folder = Path.of("");

    private ModelPackage away() {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.away.impl", AwayFileSystem.class.getName());
        return ModelPackage.open("away://host" + folder.resolve("tiny"), hadoop);
    }

    @BeforeEach
    void write() throws Exception {
        TinyModels.writeDirectory(folder.resolve("tiny"), TinyModels.external(WHOLE, DATA));
    }

    @Test
    void weightsElsewhereAreFetchedOnceUnderNamesOfOurOwn() throws Exception {
        Path fetched = Weights.of(away()).orElseThrow().folder();

        assertThat(fetched).isNotEqualTo(folder.resolve("tiny"));
        assertThat(fetched.resolve("0"))
                .hasSameBinaryContentAs(folder.resolve("tiny").resolve(DATA));
        assertThat(Weights.of(away()).orElseThrow().folder()).isEqualTo(fetched);
    }

    /** Golden vectors are verified when a session opens. */
    @Test
    void aNetworkRunsOnFetchedWeights() {
        try (Session session = Session.open(away(), 1)) {
            assertThat(session).isNotNull();
        }
        assertThat(Proof.output(away(), "logits")).hasSize(3);
    }

    @Test
    void weightsThatChangeBeforeTheyAreFetchedAreRejected() throws Exception {
        ModelPackage model = away();
        Files.write(folder.resolve("tiny").resolve(DATA), new byte[36]);

        assertThatThrownBy(() -> Weights.of(model))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining(DATA + " has SHA-256 ")
                .hasMessageContaining("when the job began");
    }
}
