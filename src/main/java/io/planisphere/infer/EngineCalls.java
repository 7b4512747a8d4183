package io.planisphere.infer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Separates calls of the engine from the shutdown of the JVM. During shutdown, threads continue beside the shutdown hooks, and in
 * one of these ONNX Runtime frees what all of its calls depend on (microsoft/onnxruntime, issue 31352): a later call would crash
 * the JVM, or fail as if a photo were at fault. So shutdown waits for running calls, and later calls block until the JVM ends.
 */
final class EngineCalls {
    /** Longer than any call takes; a call that hangs does not prevent the shutdown. */
    private static final long END_WAITS_SECONDS = 30;

    private static final ReentrantReadWriteLock ENDING = new ReentrantReadWriteLock();

    static {
        EngineLibraries.unpack();
        Runtime.getRuntime().addShutdownHook(new Thread(EngineCalls::end, "planisphere-engine"));
    }

    private EngineCalls() {}

    @FunctionalInterface
    interface Call<T, E extends Exception> {
        T run() throws E;
    }

    /** Calls the engine; does not return if the JVM ends first. */
    static <T, E extends Exception> T make(Call<T, E> call) throws E {
        Lock open = ENDING.readLock();
        open.lock();
        try {
            return call.run();
        } finally {
            open.unlock();
        }
    }

    /** Blocks all further calls permanently. */
    private static void end() {
        try {
            ENDING.writeLock().tryLock(END_WAITS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
