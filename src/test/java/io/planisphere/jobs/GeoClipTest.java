package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.JobRun;
import io.planisphere.geo.LatLng;
import io.planisphere.infer.Session;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds {@code locate} against geoclip's own {@code GeoCLIP.predict} (golden.py): its MLP, location encoder and scale over a small
 * random CLIP. With {@code -Dgeoclip=FOLDER} the package is that of the whole gallery.
 */
class GeoClipTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Path FOLDER = Path.of(System.getProperty("geoclip", "src/test/resources/geoclip"));
    private static final String PHOTOS = "src/samples/photos";

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void locatePredictsWhatGeoClipDoes(@TempDir Path folder) throws IOException {
        JobRun run = JobRun.of(
                "locate",
                "--model",
                FOLDER.resolve("package"),
                "--input",
                PHOTOS,
                "--output",
                folder.resolve("rows"),
                "--top-k",
                20);
        assertThat(run.exit()).as(run.err()).isZero();

        Map<String, List<String[]>> golden = Files.readAllLines(FOLDER.resolve("golden.csv")).stream()
                .map(line -> line.split(",", -1))
                .collect(Collectors.groupingBy(values -> Arrays.asList(values).get(0)));
        List<Row> rows = SPARK.read().parquet(folder.resolve("rows").toString()).collectAsList();
        assertThat(rows).hasSize(6);
        assertThat(golden).hasSize(6);
        for (Row row : rows) {
            List<String[]> expected = Objects.requireNonNull(golden.get(row.<String>getAs("id")));
            assertThat(row.<Float>getAs("confidence").doubleValue())
                    .isCloseTo(Double.parseDouble(expected.get(0)[3]), within(1e-4));
            assertThat(new LatLng(row.getAs("latitude"), row.getAs("longitude")).distanceKm(place(expected.get(0))))
                    .isLessThan(0.001);
            List<Row> cells = row.getList(row.fieldIndex("cells"));
            int compared = 0;
            for (String[] place : expected) {
                for (Row cell : cells) { // neighbours in rank may change places, also beyond the last
                    if (new LatLng(cell.getDouble(2), cell.getDouble(3)).distanceKm(place(place)) < 0.001) {
                        compared++;
                        assertThat((double) cell.getFloat(1)).isCloseTo(Double.parseDouble(place[3]), within(1e-4));
                    }
                }
            }
            assertThat(compared).as("places in common").isGreaterThanOrEqualTo(18);
            assertThat(row.<Float>getAs("radius_km")).isPositive();
        }
    }

    private static LatLng place(String[] golden) {
        return new LatLng(Double.parseDouble(golden[1]), Double.parseDouble(golden[2]));
    }
}
