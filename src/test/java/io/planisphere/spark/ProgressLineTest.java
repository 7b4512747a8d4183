package io.planisphere.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.spark.ProgressLine.Work;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void saysPhotosRateErrorsAndTimeLeft() {
        assertThat(ProgressLine.line(25_000, 12, 0, 100, new Work(100_000, 0)))
                .isEqualTo("25,000 photos, 250.0 per second, 12 errors, 5 min 0 s left");
    }

    @Test
    void takesTheTimeLeftOfShardsFromTheirBytes() {
        assertThat(ProgressLine.line(10, 0, 1_000_000, 60, new Work(0, 100_000_000)))
                .isEqualTo("10 photos, 0.2 per second, 0 errors, 1 h 39 min left");
    }

    @Test
    void doesNotGuessBeforeTheFirstPhoto() {
        assertThat(ProgressLine.line(0, 0, 0, 5, new Work(100, 0)))
                .isEqualTo("0 photos, 0.0 per second, 0 errors, time left unknown");
    }
}
