package io.planisphere.spark.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** One line of a terminal, written again in place every second; lines of the log push it down. */
final class LiveLine implements Display {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Back to the first column, and erase to the end of the line. */
    private static final String ERASE = "\r\u001b[K";
    /** Longer than a log line takes from the filter, where we hear of it, to the terminal. */
    private static final long HUSH_NANOS = Duration.ofMillis(200).toNanos();

    /** Asking takes a process; who draws the window wider sees it soon enough. */
    private static final int DRAWINGS_PER_WIDTH = 10;

    private final PrintStream out;
    private final IntSupplier columns;
    private final LongSupplier nanos;
    private final LogLines log;
    private boolean isSeen;
    private boolean isDrawn;
    private int drawings;
    private int width;
    private long clearedAt;

    private LiveLine(PrintStream out, IntSupplier columns, LongSupplier nanos) {
        this.out = out;
        this.columns = columns;
        this.nanos = nanos;
        clearedAt = nanos.getAsLong() - HUSH_NANOS;
        log = LogLines.listen(this::clear);
    }

    /**
     * @param columns of the terminal as it is now
     * @param nanos of a clock
     */
    static LiveLine open(PrintStream out, IntSupplier columns, LongSupplier nanos) {
        return new LiveLine(out, columns, nanos);
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public synchronized void show(Progress progress) {
        if (nanos.getAsLong() - clearedAt >= HUSH_NANOS) {
            draw(new ProgressText(progress, false));
        }
    }

    private void draw(ProgressText text) {
        if (drawings % DRAWINGS_PER_WIDTH == 0) {
            width = columns.getAsInt();
        }
        drawings++;
        // the last column stays free: a character there makes some terminals go to the next line
        out.print(ERASE + text.within(width - 1));
        out.flush();
        isSeen = true;
        isDrawn = true;
    }

    /** Makes room for a line of somebody else's, who is about to write it. */
    synchronized void clear() {
        if (isDrawn) {
            out.print(ERASE);
            out.flush();
            isDrawn = false;
        }
        clearedAt = nanos.getAsLong();
    }

    /** Where it was seen, the last state stays as an ordinary line. */
    @Override
    public synchronized void end(Progress last) {
        log.close();
        if (isSeen) {
            draw(new ProgressText(last, true));
            out.println();
        }
    }
}
