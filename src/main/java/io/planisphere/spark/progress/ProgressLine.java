package io.planisphere.spark.progress;

import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says again and again how far a run is, until it is closed: on one live line of a terminal, elsewhere in plain lines. */
public final class ProgressLine implements AutoCloseable {
    /** What one showing takes at most, unless the stream stands still. */
    private static final long SHOWING_SECONDS = 5;

    private final Supplier<Progress> now;
    private final Display display;
    private Future<?> printing = CompletableFuture.completedFuture(null);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "planisphere-progress");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Will speak on a stream.
     *
     * @param out a live line is only for the process's own standard error, and only if that is a terminal
     */
    public ProgressLine(Supplier<Progress> now, PrintStream out) {
        this.now = now;
        Optional<Terminal> terminal = out == System.err ? Terminal.ofStandardError() : Optional.empty();
        display = terminal.isPresent()
                ? LiveLine.open(out, terminal.get()::columns, System::nanoTime)
                : new PlainLines(out);
    }

    /** Begins to speak. */
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
