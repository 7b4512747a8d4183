package io.planisphere.source;

/**
 * Bytes that photos in flight may take together. Granted in the order of the tickets: a photo waits only for photos
 * before it, which its reader takes first, so no two can wait for each other.
 */
final class ByteBudget {
    private final long capacity;
    private long held;
    private long turn;

    ByteBudget(long capacity) {
        this.capacity = capacity;
    }

    /** Waits for the ticket's turn and for room. Every ticket from 0 on must come exactly once. */
    synchronized void take(long ticket, long bytes) throws InterruptedException {
        while (ticket != turn || (held > 0 && held + bytes > capacity)) {
            wait();
        }
        turn++;
        held += bytes;
        notifyAll();
    }

    /** A photo takes other bytes than were granted for it: more than fit, if its length was not known. */
    synchronized void settle(long granted, long taken) {
        giveBack(granted - taken);
    }

    synchronized void giveBack(long bytes) {
        held -= bytes;
        notifyAll();
    }
}
