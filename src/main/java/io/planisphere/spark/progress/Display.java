package io.planisphere.spark.progress;

import java.time.Duration;

/** Where a person reads how far a run is. */
sealed interface Display permits LiveLine, PlainLines {
    /** How often there may be something new to see. */
    Duration period();

    void show(Progress progress);

    /** Takes itself away, but for what is to stay of it. */
    void end(Progress last);
}
