package io.planisphere.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.report.SpeedReport.Conditions;
import io.planisphere.report.SpeedReport.Pair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests with figures calculated by hand. */
class SpeedReportTest {
    private static final Conditions CONDITIONS =
            new Conditions("tiny", "ab", "photos", 10, 1_000_000, 1000, 2, "local[2]", 4, "a machine", "4", false);

    @Test
    void theMedianAndRangeOfThreeRunsAreShown() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(2.5, 1, 4));
    }

    /**
     * 1,000 photos: 10 s for the threads; 12.5 s for the job, of which 2 s are its start-up; 20 and 25 ms of core time each.
     */
    @Test
    void ratiosAreComputedForClockTimeAndCoreTime() {
        SpeedReport report = new SpeedReport(
                CONDITIONS,
                SpeedReport.byStage(List.of(Map.of("read", 0.5), Map.of("read", 1.5))),
                List.of(new Pair(1000, 100, 80, 20, 25, 2)),
                300L << 20);

        assertThat(report.text())
                .contains("read              1.000 (0.500 to 1.500)")
                .contains("plain threads       100.0 (100.0 to 100.0)")
                .contains("job, per core       40.0")
                .contains("job / threads       0.800")
                .contains("in a long run     0.952") // 1,000 photos in 10.5 s
                .contains("a start             2.00")
                .contains("by core time        0.800")
                .contains("rows and Spark      5.000")
                .contains("100 million photos  694 core-hours") // 100e6 / 40 / 3600
                .contains("peak memory         300 MB");
        assertThat(report.json()).contains("\"core_hours_per_100_million\" : 694.44");
    }

    @Test
    void coreTimeIsOmittedForRemoteExecutors() {
        Conditions cluster = new Conditions(
                "tiny", "ab", "photos", 10, 1_000_000, 1000, 2, "spark://host:7077", 4, "a machine", "4", false);
        SpeedReport report = new SpeedReport(
                cluster,
                SpeedReport.byStage(List.of(Map.of("read", 1.0))),
                List.of(new Pair(1000, 100, 80, 20, 25, 2)),
                0);

        assertThat(report.text())
                .doesNotContain("core time")
                .doesNotContain("rows and Spark")
                .doesNotContain("memory");
        assertThat(report.json()).doesNotContain("core_time_ratio");
    }
}
