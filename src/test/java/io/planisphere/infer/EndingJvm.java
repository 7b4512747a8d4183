package io.planisphere.infer;

import io.planisphere.model.ModelPackage;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * A program that exits while its threads run a network without pause, as an executor does when it is told to exit; it reports
 * each photo without a prediction.
 */
final class EndingJvm {
    private static final int THREADS = 2;
    private static final int PHOTOS = 4;

    private EndingJvm() {}

    /**
     * Runs until inference has begun, then exits.
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
                for (Inferred result : inference.run(PHOTOS)) {
                    if (result instanceof Inferred.Failed failed) {
                        System.out.println("failed: " + failed.detail());
                    }
                }
                running.countDown();
            }
        }
    }

    /** Delays the exit, as Spark does when it stops its context in a shutdown hook. */
    private static void holdUp() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
