package io.planisphere.spark.progress;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * A progress line every five seconds in the first minute, then every thirty, for logs, pipes and terminals without cursor
 * control.
 */
final class PlainLines implements Display {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final double OFTEN_SECONDS = 60;
    private static final double SELDOM_SECONDS = 30;

    private final PrintWriter out;
    private double shownAt;

    PlainLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public void show(Progress progress) {
        // a timer may fire slightly early by the run's clock
        double since = progress.seconds() - shownAt + 1;
        if (progress.seconds() <= OFTEN_SECONDS + 1 || since >= SELDOM_SECONDS) {
            shownAt = progress.seconds();
            out.println(new ProgressText(progress, false).full());
        }
    }

    @Override
    public void end(Progress last) {}
}
