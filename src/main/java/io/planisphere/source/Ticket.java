package io.planisphere.source;

/** One photo's place in the order of a task's photos. */
final class Ticket {
    private static final long NOT_YET = Long.MIN_VALUE;

    private volatile long begun = NOT_YET;

    /** The photo is fetched from now on. */
    void begin() {
        begun = System.nanoTime();
    }

    /** The photo waits for room. */
    void pause() {
        begun = NOT_YET;
    }

    /** How long the photo has been fetched; what waits for room is not slow. */
    long fetchedNanos() {
        long since = begun;
        return since == NOT_YET ? 0 : System.nanoTime() - since;
    }
}
