package io.planisphere.spark.progress;

import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows the progress of a run periodically until it is closed: as a live line on a terminal, as plain lines elsewhere. */
public final class ProgressLine implements AutoCloseable {
    /** How long one update may take, unless the stream blocks. */
    private static final long SHOWING_SECONDS = 5;

    private final Supplier<Progress> now;
    private final Display display;
    private Future<?> printing = CompletableFuture.completedFuture(null);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "planisphere-progress");
        thread.setDaemon(true);
        return thread;
    });

    /** @param out standard error; the live line is only for a terminal */
    public ProgressLine(Supplier<Progress> now, PrintWriter out) {
        this.now = now;
        OptionalInt columns = Terminal.columnsOfStandardError();
        display = columns.isPresent() ? new LiveLine(out, columns.getAsInt()) : new PlainLines(out);
    }

    /** Starts showing progress. */
    public void start() {
        long millis = display.period().toMillis();
        printing = timer.scheduleWithFixedDelay(() -> display.show(now.get()), millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        printing.cancel(false);
        timer.shutdown();
        try {
            timer.awaitTermination(SHOWING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        display.end(now.get());
    }
}
