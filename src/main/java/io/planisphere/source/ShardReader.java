package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.Closeable;
import java.util.Iterator;

/**
 * The photos of one shard, one row each, in order. A truncated or damaged shard yields its readable photos and, last, one
 * rejected row with the position where reading ended; that row's {@code uri} is the shard's own. Only a failure of the storage is
 * thrown, as {@link java.io.UncheckedIOException}. Not thread-safe.
 */
public interface ShardReader extends Iterator<EncodedImage>, Closeable {
    /** Returns the counts so far; complete when there is no next photo. */
    ShardTally tally();
}
