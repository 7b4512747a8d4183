package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Partition;
import io.planisphere.onnx.GraphRunner;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Tests the package that the recipe under src/earth wrote into the jar. */
class BuiltInEarthTest {
    private static final ModelPackage EARTH = ModelPackage.open("builtin:earth", new Configuration(false));

    @Test
    void thePackageIsSmallEnoughForTheJar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/models/earth"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(3_000_000);
        }
    }

    @Test
    void labelsAreTheTokensOfTheCells() throws IOException {
        String csv = new String(EARTH.cells(EARTH.heads().get(0)), StandardCharsets.UTF_8);
        Partition partition = Partition.read("cells.csv", new StringReader(csv));

        assertThat(EARTH.task()).isEqualTo(Task.LOCATE);
        assertThat(EARTH.labels())
                .isEqualTo(partition.cells().stream().map(Cell::token).toList());
    }

    /**
     * The golden values come from the engine that trained the network, so they also compare the graph with the trained network.
     */
    @Test
    void theGraphGivesTheGoldenValuesInAnyBatch() throws OrtException {
        Golden golden = EARTH.goldens().get(0);
        float[] ramp = Golden.ramp(3 * 128 * 128);
        float[] twice = new float[2 * ramp.length];
        System.arraycopy(ramp, 0, twice, 0, ramp.length);
        System.arraycopy(ramp, 0, twice, ramp.length, ramp.length);

        Map<String, float[]> outputs = GraphRunner.run(EARTH.model(), EARTH.input(), twice, 2, 3, 128, 128);

        List<Double> values = golden.values();
        float[] expected = new float[2 * values.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = values.get(i % values.size()).floatValue();
        }
        assertThat(outputs.get("logits")).containsExactly(expected, within((float) golden.tolerance()));
        assertThat(outputs.get("embedding")).hasSize(2 * 256);
    }
}
