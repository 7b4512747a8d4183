package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FetchWindowTest {
    private final FetchWindow window = new FetchWindow(new FetchLimits(8, 128, 1 << 20, 1000));

    @Test
    void theWindowIsWideAtFirst() {
        assertThat(window.size()).isEqualTo(32);
        assertThat(new FetchWindow(new FetchLimits(4, 4, 1, 1)).size()).isEqualTo(4);
    }

    @Test
    void theWindowIsOneAndAHalfTimesLatencyTimesRate() {
        latencies(50, 100);
        busy(2000, 100);

        assertThat(window.size()).isEqualTo(38); // 50 / 2 = 25 are taken while one is in flight
    }

    @Test
    void aSlowNetworkOnAFastDiskNeedsFewRequests() {
        latencies(1, 100);
        busy(20_000, 100);

        assertThat(window.size()).isEqualTo(8);
    }

    @Test
    void theWindowIsLimitedForAFastNetworkOnASlowStore() {
        latencies(5000, 100);
        busy(200, 100);

        assertThat(window.size()).isEqualTo(128);
    }

    @Test
    void theWindowAdaptsToAStoreThatBecomesSlower() {
        latencies(10, 500);
        busy(1000, 500);
        assertThat(window.size()).isEqualTo(15);

        latencies(60, 500);

        assertThat(window.size()).isBetween(85, 90);
    }

    @Test
    void photosTakenInBurstsCountByTheirMeanRate() {
        latencies(50, 100);
        for (int batch = 0; batch < 100; batch++) { // three are only decoded, the fourth also waits for the network
            busy(1000, 3);
            busy(5000, 1);
        }

        assertThat(window.size()).isBetween(32, 44);
    }

    private void latencies(long millis, int times) {
        for (int i = 0; i < times; i++) {
            window.came(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void busy(long micros, int times) {
        for (int i = 0; i < times; i++) {
            window.busy(TimeUnit.MICROSECONDS.toNanos(micros));
        }
    }
}
