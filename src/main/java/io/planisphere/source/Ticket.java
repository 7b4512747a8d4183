package io.planisphere.source;

/** The position of a photo in the order of a task's photos, with its fetch time. */
final class Ticket {
    private static final long NOT_YET = Long.MIN_VALUE;

    private volatile long begun = NOT_YET;

    /** Starts the fetch time. */
    void begin() {
        begun = System.nanoTime();
    }

    /** Pauses the fetch time while the photo waits for room. */
    void pause() {
        begun = NOT_YET;
    }

    /** Returns the fetch time of the photo, without waits for room. */
    long fetchedNanos() {
        long since = begun;
        return since == NOT_YET ? 0 : System.nanoTime() - since;
    }
}
