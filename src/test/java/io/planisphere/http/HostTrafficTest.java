package io.planisphere.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostTrafficTest {
    private final AtomicLong clock = new AtomicLong();
    private final HostTraffic host = new HostTraffic(2, clock::get);

    @Test
    void theNumberOfConcurrentRequestsIsLimited() throws Exception {
        host.enter();
        host.enter();
        Thread third = new Thread(() -> {
            try {
                host.enter();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        third.setDaemon(true);
        third.start();
        while (third.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        host.leave();

        third.join(10_000);
        assertThat(third.isAlive()).isFalse();
    }

    @Test
    void theLongestRequestedPauseOfAHostIsKept() {
        assertThat(host.pause()).isZero();
        host.pause(Duration.ofSeconds(9));
        host.pause(Duration.ofSeconds(5));

        assertThat(host.pause()).isEqualTo(Duration.ofSeconds(9));
        after(4);
        assertThat(host.pause()).isEqualTo(Duration.ofSeconds(5));
        after(6);
        assertThat(host.pause()).isZero();
    }

    @Test
    void aHostIsDeadAfterManyLongFailuresAndIsProbedOccasionally() {
        fail(15);
        after(100);
        assertThat(host.dead()).as("few failures").isEmpty();
        host.answered();
        fail(100);
        assertThat(host.dead()).as("a moment").isEmpty();
        after(61);
        host.failed();
        assertThat(host.dead()).hasValue("has not answered 101 times in a row, for 61 s");

        after(31);
        assertThat(host.dead()).as("one probe").isEmpty();
        assertThat(host.dead()).as("and no other one").isPresent();
        host.answered();
        assertThat(host.dead()).isEmpty();
    }

    @Test
    void aHostIsForgottenUnlessItIsBusyPausedOrFailing() throws Exception {
        assertThat(host.isIdle()).isTrue();
        host.enter();
        assertThat(host.isIdle()).isFalse();
        host.leave();
        fail(3);
        assertThat(host.isIdle()).as("the attempts of one photo").isTrue();
        host.pause(Duration.ofSeconds(5));
        assertThat(host.isIdle()).isFalse();
        after(5);
        fail(13);
        assertThat(host.isIdle()).isFalse();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            host.failed();
        }
    }

    private void after(int seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
