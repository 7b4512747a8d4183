package io.planisphere.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DownloaderTest {
    // limits that no other test uses, so that no other test shares its connections
    private static final HttpLimits LIMITS = HttpLimits.of(Duration.ofSeconds(7), 3);

    @Test
    void connectionsAreSharedAndClosedWithTheLastOwner() {
        int before = SharedConnections.open();
        Downloader first = downloader();
        Downloader second = downloader();
        assertThat(SharedConnections.open()).isEqualTo(before + 1);

        first.close();
        first.close();
        assertThat(SharedConnections.open()).as("the second one still has them").isEqualTo(before + 1);

        second.close();
        assertThat(SharedConnections.open()).isEqualTo(before);
    }

    private static Downloader downloader() {
        return new Downloader(LIMITS, AddressRules.PUBLIC_ONLY, redirect -> Optional.empty());
    }
}
