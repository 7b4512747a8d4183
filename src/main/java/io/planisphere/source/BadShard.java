package io.planisphere.source;

import io.planisphere.image.Status;
import java.io.IOException;

/** Thrown for a shard that cannot be read; the shard gets a row with the message. */
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
