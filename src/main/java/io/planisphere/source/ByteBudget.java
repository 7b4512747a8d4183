package io.planisphere.source;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that photos in flight may take together. A photo for which there is no room waits, except for the one that the reader
 * waits for: it goes over the budget, since what it would wait for are photos that are taken after it. So no two can wait for
 * each other, and the budget is exceeded by one photo at most.
 */
final class ByteBudget {
    private final long capacity;
    private long held;
    private @Nullable Ticket awaited;

    ByteBudget(long capacity) {
        this.capacity = capacity;
    }

    /** The reader waits for this photo, and for no other one. */
    synchronized void await(Ticket ticket) {
        awaited = ticket;
        notifyAll();
    }

    /** Waits for room. An interrupted photo has taken nothing. */
    synchronized void take(Ticket ticket, long bytes) throws InterruptedException {
        while (!fits(ticket, bytes)) {
            ticket.pause();
            wait();
        }
        ticket.begin();
        held += bytes;
    }

    /** Takes more for a photo that holds some already, if that is possible without waiting. */
    synchronized boolean grow(Ticket ticket, long bytes) {
        boolean fits = fits(ticket, bytes);
        held += fits ? bytes : 0;
        return fits;
    }

    private boolean fits(Ticket ticket, long bytes) {
        return ticket == awaited || held == 0 || held + bytes <= capacity;
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
