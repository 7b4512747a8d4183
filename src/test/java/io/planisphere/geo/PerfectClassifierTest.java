package io.planisphere.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PerfectClassifierTest {
    /** Golden values by perfect_predictions.py. */
    @Test
    void predictsTheMeanOfTheContainingCellOrElseTheNearestMean() throws IOException {
        Partition partition;
        try (BufferedReader cells = open("/models/earth/cells.csv")) {
            partition = Partition.read("cells.csv", cells);
        }
        PerfectClassifier perfect = new PerfectClassifier(partition);
        int outside = 0;
        try (BufferedReader golden = open("perfect_predictions.csv")) {
            for (String line : golden.lines().skip(1).toList()) {
                String[] values = line.split(",", -1);
                LatLng place = new LatLng(Double.parseDouble(values[0]), Double.parseDouble(values[1]));
                outside += values[2].equals("0") ? 1 : 0;

                assertThat(perfect.predict(place))
                        .as(line)
                        .isEqualTo(partition
                                .cells()
                                .get(Integer.parseInt(values[3]))
                                .mean());
            }
        }
        assertThat(outside).isGreaterThan(30);
    }

    @Test
    void theNearestMeanCanBeAcrossTheDateLineOrAPole() {
        Partition partition = new Partition(
                List.of(cell(0, new LatLng(0, 179)), cell(1, new LatLng(0, -170)), cell(2, new LatLng(88, 0))));
        PerfectClassifier perfect = new PerfectClassifier(partition);

        assertThat(perfect.predict(new LatLng(1, -179))).isEqualTo(new LatLng(0, 179));
        assertThat(perfect.predict(new LatLng(85, 180))).isEqualTo(new LatLng(88, 0));
    }

    @Test
    void withoutCellsThereIsNoPrediction() {
        assertThatThrownBy(() -> new PerfectClassifier(new Partition(List.of())))
                .hasMessageContaining("without cells");
    }

    private static Cell cell(int label, LatLng mean) {
        return new Cell(label, mean.leaf().parent(10), 1, mean);
    }

    private static BufferedReader open(String resource) {
        InputStream in = Objects.requireNonNull(PerfectClassifierTest.class.getResourceAsStream(resource));
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
