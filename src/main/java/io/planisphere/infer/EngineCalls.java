package io.planisphere.infer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps the engine's calls apart from the end of the JVM. When a JVM is told to end, its threads go on beside the shutdown hooks,
 * and in one of those ONNX Runtime frees what all of its calls stand on (microsoft/onnxruntime, issue 31352): a call that began
 * after it would take the process down, or fail, so that a photo were said to be at fault. So the end waits for calls under way, and
 * those that come after it wait for the end.
 */
final class EngineCalls {
    /** Longer than any call takes; one that hangs does not keep the JVM. */
    private static final long END_WAITS_SECONDS = 30;

    private static final ReentrantReadWriteLock ENDING = new ReentrantReadWriteLock();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(EngineCalls::end, "planisphere-engine"));
    }

    private EngineCalls() {}

    @FunctionalInterface
    interface Call<T, E extends Exception> {
        T run() throws E;
    }

    /** Makes a call of the engine; does not return if the JVM ends first. */
    static <T, E extends Exception> T make(Call<T, E> call) throws E {
        Lock open = ENDING.readLock();
        open.lock();
        try {
            return call.run();
        } finally {
            open.unlock();
        }
    }

    /** Takes for good what calls need, and then what the engine has unpacked. */
    private static void end() {
        try {
            ENDING.writeLock().tryLock(END_WAITS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        EngineFolder.delete();
    }
}
