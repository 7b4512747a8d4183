package io.planisphere.source;

import io.planisphere.image.Status;
import java.io.IOException;

/** A shard that is nothing this job can read; becomes its row. */
final class BadShard extends IOException {
    private static final long serialVersionUID = 1L;

    private final Status why;

    BadShard(Status why, String detail) {
        super(detail);
        this.why = why;
    }

    Status why() {
        return why;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
