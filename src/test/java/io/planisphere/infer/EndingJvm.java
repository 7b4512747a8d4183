package io.planisphere.infer;

import io.planisphere.model.ModelPackage;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * A program that ends while its threads run a network without pause, as an executor does that is told to end; it says so of each
 * photo that had no answer.
 */
final class EndingJvm {
    private static final int THREADS = 2;
    private static final int PHOTOS = 4;

    private EndingJvm() {}

    /**
     * Runs until it has begun, then ends.
     *
     * @param arguments a package
     */
    public static void main(String[] arguments) throws InterruptedException {
        ModelPackage model = ModelPackage.open(arguments[0], new Configuration());
        Session session = Session.shared(model, 1);
        CountDownLatch running = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> runForGood(model, session, running)).start();
        }
        running.await();
        Runtime.getRuntime().addShutdownHook(new Thread(EndingJvm::holdUp));
        System.exit(0);
    }

    private static void runForGood(ModelPackage model, Session session, CountDownLatch running) {
        String output = model.heads().get(0).output();
        try (Inference inference = session.newInference(List.of(output), PHOTOS, PHOTOS)) {
            while (true) {
                for (Inferred answer : inference.run(PHOTOS)) {
                    if (answer instanceof Inferred.Failed failed) {
                        System.out.println("failed: " + failed.detail());
                    }
                }
                running.countDown();
            }
        }
    }

    /** As Spark does, which stops its context in such a hook. */
    private static void holdUp() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
