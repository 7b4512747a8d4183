package io.planisphere.spark.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.transports.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends events in order, on a thread of its own, so that a slow receiver never delays the work between them. */
final class EventSender {
    /** Longest wait at the end of a job for events that are not sent yet. The value was chosen, not measured. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    private final Transport transport;
    private final String receiver;
    private final Duration patience;
    private final List<String> failures = new ArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread sending = new Thread(work, "planisphere-lineage");
        sending.setDaemon(true);
        return sending;
    });

    /**
     * @param receiver name of the receiver, for messages
     * @param patience longest wait in {@link #close}
     */
    EventSender(Transport transport, String receiver, Duration patience) {
        this.transport = transport;
        this.receiver = receiver;
        this.patience = patience;
    }

    void send(RunEvent event) {
        thread.execute(() -> {
            try {
                transport.emit(event);
            } catch (RuntimeException | LinkageError e) {
                LOG.debug("Event {} was not sent", event.getEventType(), e);
                failed(event.getEventType() + " was not sent to " + receiver + ": " + ClientLibrary.reason(e));
            }
        });
    }

    /** Adds a failure to those that are reported at the end. */
    void failed(String failure) {
        synchronized (failures) {
            failures.add(failure);
        }
    }

    /** Waits for a bounded time until all events are sent, and returns what failed. */
    List<String> close() {
        thread.execute(this::closeTransport);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
                failed(receiver + " did not answer within " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
            failed("the job was interrupted before all events were sent");
        }
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    private void closeTransport() {
        try {
            transport.close();
        } catch (Exception e) { // the signature of AutoCloseable
            failed(receiver + " was not closed: " + ClientLibrary.reason(e));
        }
    }
}
