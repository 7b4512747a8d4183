package io.planisphere.source;

import org.jspecify.annotations.Nullable;

/**
 * The byte budget of photos in flight. A photo without room waits, except the one that the reader waits for: it exceeds the
 * budget, because otherwise it would wait for photos that are taken after it. So there are no deadlocks, and the budget is
 * exceeded by at most one photo.
 */
final class ByteBudget {
    private final long capacity;
    private long held;
    private @Nullable Ticket awaited;

    ByteBudget(long capacity) {
        this.capacity = capacity;
    }

    /** Records that the reader waits for this photo, and for no other. */
    synchronized void await(Ticket ticket) {
        awaited = ticket;
        notifyAll();
    }

    /** Waits for room and takes it. Takes nothing if interrupted. */
    synchronized void take(Ticket ticket, long bytes) throws InterruptedException {
        while (!fits(ticket, bytes)) {
            ticket.pause();
            wait();
        }
        ticket.begin();
        held += bytes;
    }

    /** Takes more bytes for a photo, if that is possible without waiting. */
    synchronized boolean grow(Ticket ticket, long bytes) {
        boolean fits = fits(ticket, bytes);
        held += fits ? bytes : 0;
        return fits;
    }

    private boolean fits(Ticket ticket, long bytes) {
        return ticket == awaited || held == 0 || held + bytes <= capacity;
    }

    /** Replaces the granted bytes of a photo by the bytes it takes, which may exceed the budget if its length was unknown. */
    synchronized void settle(long granted, long taken) {
        giveBack(granted - taken);
    }

    synchronized void giveBack(long bytes) {
        held -= bytes;
        notifyAll();
    }
}
