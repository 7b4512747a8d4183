package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** The photos of one Hadoop SequenceFile, from Text (the id) to BytesWritable (the photo), one row each. */
public final class SequenceReader implements ShardReader {
    private static final byte[] NOT_READ = new byte[0];

    private final SequenceRecords records;
    private final ShardSource shard;
    private final long maxImageBytes;
    private final Content content;
    private final OptOut optOut;
    private final ShardNames names;
    private ShardTally tally = ShardTally.NONE;
    private @Nullable EncodedImage ahead;
    private boolean ended;

    SequenceReader(
            InputStream in,
            ShardSource shard,
            long maxImageBytes,
            Content content,
            OptOut optOut,
            Configuration hadoop) {
        this.records = new SequenceRecords(in, hadoop);
        this.shard = shard;
        this.maxImageBytes = Math.min(maxImageBytes, Integer.MAX_VALUE - 8);
        this.content = content;
        this.optOut = optOut;
        this.names = new ShardNames(shard.uri());
    }

    /**
     * Refuses a file from or to other classes before any work.
     *
     * @throws InputException naming the classes
     */
    static void check(String uri, Configuration hadoop) throws IOException {
        try (SequenceRecords records = new SequenceRecords(ShardSource.stored(uri, hadoop), hadoop)) {
            records.header();
        } catch (BadShard e) {
            if (e.why() == Status.UNSUPPORTED) {
                throw new InputException("Input " + uri + " cannot be read. " + e.detail());
            }
        } catch (EOFException e) {
            return; // cut short in its header: a row will say so
        }
    }

    @Override
    public ShardTally tally() {
        return tally;
    }

    @Override
    public boolean hasNext() {
        if (ahead == null && !ended) {
            ahead = read();
        }
        return ahead != null;
    }

    @Override
    public EncodedImage next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException();
        }
        EncodedImage next = ahead;
        ahead = null;
        return next;
    }

    private @Nullable EncodedImage read() {
        try {
            if (!records.next()) {
                ended = true;
                return null;
            }
            EncodedImage photo = photo(records.key());
            tally = tally.plus(new ShardTally(1, 0, 0, 0));
            return photo;
        } catch (IOException | RuntimeException e) {
            return damaged(e);
        }
    }

    private EncodedImage photo(String id) throws IOException {
        String uri = names.unique(id);
        if (optOut.holdsPhotoOfShard(id)) {
            return new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL);
        }
        if (records.valueBytes() > maxImageBytes) {
            return new EncodedImage.Rejected(
                    id,
                    uri,
                    Status.TOO_LARGE,
                    records.valueBytes() + " bytes, the cap is " + maxImageBytes + "; raise --max-bytes to read it");
        }
        return new EncodedImage.Ok(id, uri, content.photos() ? records.value() : NOT_READ);
    }

    private EncodedImage damaged(Exception e) {
        IOException failure = records.storageFailure();
        if (failure != null) {
            throw new UncheckedIOException("Cannot read the shard: " + failure.getMessage(), failure);
        }
        ended = true;
        tally = tally.plus(new ShardTally(0, 0, 0, 1));
        String name = MediaType.baseName(shard.uri());
        if (e instanceof BadShard bad) {
            return new EncodedImage.Rejected(name, shard.uri(), bad.why(), bad.detail());
        }
        String where = records.key().isEmpty() ? "" : " in or after record " + records.key();
        return new EncodedImage.Rejected(
                name,
                shard.uri(),
                Status.TRUNCATED,
                "The shard cannot be read past byte " + records.position() + where + ": " + e.getMessage()
                        + "; photos after it are lost, copy the shard again");
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
