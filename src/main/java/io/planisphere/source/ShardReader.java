package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.Closeable;
import java.util.Iterator;

/**
 * The photos of one shard, one row each, in their order. A shard that is cut short or damaged gives its readable photos and,
 * last, one rejected row that says where reading ended; that row's {@code uri} is the shard's own. Only a failing storage is
 * thrown, as {@link java.io.UncheckedIOException}. For one thread.
 */
public interface ShardReader extends Iterator<EncodedImage>, Closeable {
    /** What was met so far; complete when there is no next photo. */
    ShardTally tally();
}
