package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A shard with one photo per record. Damage ends it with one row for the shard, unless the storage failed. */
abstract class RecordShard implements ShardReader {
    private final String uri;
    private ShardTally tally = ShardTally.NONE;
    private @Nullable EncodedImage ahead;
    private boolean ended;

    RecordShard(String uri) {
        this.uri = uri;
    }

    /**
     * Returns the next record; null after the last.
     *
     * @throws BadShard if the shard is not of this format
     * @throws IOException if it is truncated or damaged, or the storage fails; a library may also throw a RuntimeException
     */
    abstract @Nullable EncodedImage record() throws IOException;

    /** Returns the exception of the storage, if there was one; in that case the shard is not damaged. */
    abstract @Nullable IOException storageFailure();

    /** Returns a message about where reading ended. */
    abstract String brokenOff(@Nullable String why);

    @Override
    public final ShardTally tally() {
        return tally;
    }

    @Override
    public final boolean hasNext() {
        if (ahead == null && !ended) {
            ahead = read();
        }
        return ahead != null;
    }

    @Override
    public final EncodedImage next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException();
        }
        EncodedImage next = ahead;
        ahead = null;
        return next;
    }

    private @Nullable EncodedImage read() {
        try {
            EncodedImage photo = record();
            if (photo == null) {
                ended = true;
                return null;
            }
            boolean none = photo instanceof EncodedImage.Rejected no && no.why() == Status.MISSING;
            tally = tally.plus(none ? new ShardTally(0, 1, 0, 0) : new ShardTally(1, 0, 0, 0));
            return photo;
        } catch (IOException | RuntimeException e) {
            return damaged(e);
        }
    }

    private EncodedImage damaged(Exception e) {
        IOException failure = storageFailure();
        if (failure != null) {
            throw new UncheckedIOException("Cannot read the shard: " + failure.getMessage(), failure);
        }
        ended = true;
        tally = tally.plus(new ShardTally(0, 0, 0, 1));
        String name = MediaType.baseName(uri);
        return e instanceof BadShard bad
                ? new EncodedImage.Rejected(name, uri, bad.why(), bad.detail())
                : new EncodedImage.Rejected(name, uri, Status.TRUNCATED, brokenOff(e.getMessage()));
    }
}
