package io.planisphere.vision;

import java.util.Iterator;

/**
 * The pipeline of photos through networks within one task: one result per photo, in the same order. Not thread-safe; it owns
 * native memory.
 */
public interface PhotoPath<T> extends Iterator<T>, AutoCloseable {
    /** Returns the times since it was created. */
    StageTimes times();

    @Override
    void close();
}
