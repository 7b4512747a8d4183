package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final Ticket[] tickets = {new Ticket(), new Ticket(), new Ticket()};

    @Test
    void aPhotoWaitsForRoom() throws Exception {
        budget.take(tickets[0], 60);
        Taking second = new Taking(tickets[1], 60);
        second.untilItWaits();

        budget.giveBack(60);

        second.taken.get(10, TimeUnit.SECONDS);
        assertThat(budget.grow(tickets[2], 41)).isFalse();
        assertThat(budget.grow(tickets[2], 40)).isTrue();
    }

    @Test
    void onePhotoAloneMayBeLargerThanTheBudget() throws Exception {
        budget.take(tickets[0], 1000);
    }

    @Test
    void thePhotoThatTheReaderWaitsForIgnoresTheBudget() throws Exception {
        budget.take(tickets[1], 60);
        Taking first = new Taking(tickets[0], 60);
        first.untilItWaits();

        budget.await(tickets[0]);

        first.taken.get(10, TimeUnit.SECONDS);
        assertThat(budget.grow(tickets[0], 1000)).isTrue();
    }

    @Test
    void anInterruptedPhotoDoesNotBlockTheNextOnes() throws Exception {
        budget.take(tickets[0], 60);
        Taking second = new Taking(tickets[1], 60);
        second.untilItWaits();
        Taking third = new Taking(tickets[2], 60);
        third.untilItWaits();

        second.thread.interrupt();
        second.thread.join(10_000);
        budget.giveBack(60);

        third.taken.get(10, TimeUnit.SECONDS);
        assertThat(second.taken).isNotCompletedExceptionally().isNotDone();
    }

    private final class Taking {
        private final CompletableFuture<Boolean> taken = new CompletableFuture<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final Thread thread;

        Taking(Ticket ticket, long bytes) {
            thread = new Thread(() -> {
                begun.countDown();
                try {
                    budget.take(ticket, bytes);
                    taken.complete(true);
                } catch (InterruptedException e) {
                    return; // as requested
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void untilItWaits() throws InterruptedException {
            begun.await();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }
}
