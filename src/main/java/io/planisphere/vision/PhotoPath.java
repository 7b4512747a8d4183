package io.planisphere.vision;

import java.util.Iterator;

/**
 * Photos on their way through networks within one task: one photo in, one result out, in the same order. For one thread; it
 * owns native memory.
 */
public interface PhotoPath<T> extends Iterator<T>, AutoCloseable {
    /** Since it was made. */
    StageTimes times();

    @Override
    void close();
}
