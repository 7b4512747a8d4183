package io.planisphere.spark.progress;

import java.time.Duration;

/** The display of a run's progress. */
sealed interface Display permits LiveLine, PlainLines {
    /** Returns the interval of updates. */
    Duration period();

    void show(Progress progress);

    /** Ends the display, leaving only its final output. */
    void end(Progress last);
}
