package io.planisphere.spark.progress;

import java.io.PrintWriter;
import java.time.Duration;

/** A terminal line that is updated in place every second. */
final class LiveLine implements Display {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Moves to the first column and erases the line. */
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter out;
    private final int columns;
    private boolean isSeen;

    /** @param columns width of the terminal */
    LiveLine(PrintWriter out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public synchronized void show(Progress progress) {
        draw(new ProgressText(progress, false));
        out.print('\r'); // a line of Spark's log then overwrites this one
        out.flush();
        isSeen = true;
    }

    private void draw(ProgressText text) {
        // leave the last column free: a character there makes some terminals wrap
        out.print(ERASE + text.within(columns - 1));
    }

    /** Leaves the last state as an ordinary line, if the live line was ever shown. */
    @Override
    public synchronized void end(Progress last) {
        if (isSeen) {
            draw(new ProgressText(last, true));
            out.println();
        }
    }
}
