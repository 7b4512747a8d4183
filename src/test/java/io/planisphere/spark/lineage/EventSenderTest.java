package io.planisphere.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.DatasetEvent;
import io.openlineage.client.OpenLineage.JobEvent;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.transports.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventSenderTest {
    @Test
    @Timeout(30)
    void aTransportThatNeverReturnsIsGivenUp() {
        CountDownLatch end = new CountDownLatch(1);
        EventSender sender = new EventSender(new Stuck(end), "the receiver", Duration.ofSeconds(1));
        OpenLineage openLineage = new OpenLineage(URI.create("https://example.org"));

        sender.send(openLineage.newRunEventBuilder().eventType(EventType.START).build());
        sender.send(
                openLineage.newRunEventBuilder().eventType(EventType.COMPLETE).build());

        assertThat(sender.close()).containsExactly("the receiver did not answer within 1 s");
        end.countDown();
    }

    /** A transport that ignores interrupts. */
    private static final class Stuck extends Transport {
        private final CountDownLatch end;

        Stuck(CountDownLatch end) {
            this.end = end;
        }

        @Override
        public void emit(RunEvent event) {
            boolean isStuck = true;
            while (isStuck) {
                try {
                    end.await();
                    isStuck = false;
                } catch (InterruptedException e) {
                    isStuck = true;
                }
            }
        }

        @Override
        public void close() {}

        @Override
        public void emit(DatasetEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void emit(JobEvent event) {
            throw new UnsupportedOperationException();
        }
    }
}
