package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** The photos of one Hadoop SequenceFile with Text keys (the ids) and BytesWritable values (the photos), one row each. */
public final class SequenceReader extends RecordShard {
    private final SequenceRecords records;
    private final long maxImageBytes;
    private final Content content;
    private final OptOut optOut;
    private final ShardNames names;

    SequenceReader(
            InputStream in,
            ShardSource shard,
            long maxImageBytes,
            Content content,
            OptOut optOut,
            Configuration hadoop) {
        super(shard.uri());
        this.records = new SequenceRecords(in, hadoop);
        this.maxImageBytes = Math.min(maxImageBytes, Integer.MAX_VALUE - 8);
        this.content = content;
        this.optOut = optOut;
        this.names = new ShardNames(shard.uri());
    }

    /**
     * Checks the key and value classes of a file before any work.
     *
     * @throws InputException if they differ; the message names the classes
     */
    static void check(String uri, Configuration hadoop) throws IOException {
        try (SequenceRecords records = new SequenceRecords(ShardSource.stored(uri, hadoop), hadoop)) {
            records.header();
        } catch (BadShard e) {
            if (e.why() == Status.UNSUPPORTED) {
                throw new InputException("Input " + uri + " cannot be read. " + e.detail());
            }
        } catch (EOFException e) {
            return; // truncated in its header: it will get a row
        }
    }

    @Override
    @Nullable
    EncodedImage record() throws IOException {
        return records.next() ? photo(records.key()) : null;
    }

    @Override
    @Nullable
    IOException storageFailure() {
        return records.storageFailure();
    }

    @Override
    String brokenOff(@Nullable String why) {
        String where = records.key().isEmpty() ? "" : " in or after record " + records.key();
        return "The shard cannot be read past byte " + records.position() + where + ": " + why
                + "; photos after it are lost, copy the shard again";
    }

    private EncodedImage photo(String id) throws IOException {
        String uri = names.unique(id);
        if (optOut.holdsPhotoOfShard(id)) {
            return new EncodedImage.Rejected(id, uri, Status.OPTED_OUT, OptOut.DETAIL);
        }
        if (records.valueBytes() > maxImageBytes) {
            return new EncodedImage.Rejected(
                    id, uri, Status.TOO_LARGE, FetchLimits.exceeded(records.valueBytes() + " bytes", maxImageBytes));
        }
        return new EncodedImage.Ok(id, uri, content.photos() ? PhotoBytes.of(records.value()) : PhotoBytes.none());
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
