package io.planisphere.spark.task;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.source.ShardTally;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.file.ForklessFiles;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Makes row files from shards. The task reads the shards itself, one after the other, so that photos never become row values,
 * which would cost a tenth to two thirds of the throughput.
 */
public record ShardRows(PhotoTask task, Broadcast<SerializableConfiguration> hadoop, RowFiles target)
        implements FlatMapFunction<Iterator<ShardRows.Shard>, TaskResult> {

    /**
     * A shard, or a selection of its photos.
     *
     * @param batch batch of its rows
     * @param bytes length when it was planned; 0 to skip the check
     * @param only the wanted photos; empty for all
     */
    public record Shard(ShardSource source, long batch, long bytes, List<Reference> only) implements Serializable {
        public String uri() {
            return source.uri();
        }
    }

    /** Makes the rows of shards of one batch. */
    @Override
    public Iterator<TaskResult> call(Iterator<Shard> shards) throws IOException {
        ForklessFiles.useIn(hadoop.value().value());
        Photos photos = new Photos(shards);
        PhotoTask.whenTaskEnds(ended -> photos.close());
        PhotoTask.TaskRows rows = task.rowsOf(photos);
        try (RowFiles.Writer writer = target.writer()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                writer.write(photos.batch, row);
            }
            return List.of(new TaskResult(writer.finish(), photos.tallies, rows.sideFiles()))
                    .iterator();
        }
    }

    private static EncodedImage missing(Reference photo, String detail) {
        return new EncodedImage.Rejected(photo.id(), photo.uri(), Status.MISSING, detail);
    }

    /** The photos of all shards; the reader's counts are tallied at the end of each shard. */
    private final class Photos implements Iterator<EncodedImage>, Closeable {
        private final Iterator<Shard> shards;
        private final Map<String, ShardTally> tallies = new HashMap<>();
        private Iterator<EncodedImage> current = Collections.emptyIterator();
        private @Nullable Shard shard;
        private @Nullable ShardState state;
        private long batch;
        private @Nullable ShardReader reader;

        Photos(Iterator<Shard> shards) {
            this.shards = shards;
        }

        @Override
        public boolean hasNext() {
            while (!current.hasNext()) {
                if (shard != null && reader != null && state != null) {
                    requireUnchanged(shard, state);
                    boolean replaced = shard.bytes() > 0 && shard.bytes() != state.bytes();
                    ShardTally tally = reader.tally();
                    tallies.put(shard.uri(), replaced ? tally.ofReplacedShard() : tally);
                }
                close();
                if (!shards.hasNext()) {
                    return false;
                }
                Shard next = shards.next();
                batch = next.batch(); // rows lag behind reading, so all shards of a task must be of one batch
                current = opened(next);
            }
            return true;
        }

        @Override
        public EncodedImage next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return current.next();
        }

        private Iterator<EncodedImage> opened(Shard next) {
            ShardReader open;
            ShardState found;
            try {
                found = ShardState.of(next.uri(), hadoop.value().value());
                open = next.source()
                        .open(
                                task.limits().maxBytes(),
                                task.rows().content(),
                                task.optOut().value(),
                                hadoop.value().value());
            } catch (FileNotFoundException e) {
                return gone(next);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot open shard " + next.uri() + ": " + e.getMessage(), e);
            }
            shard = next;
            state = found;
            reader = open;
            task.metrics().shards().add(new Path(next.uri()).getName());
            return next.only().isEmpty() ? open : new SelectedPhotos(open, next.only());
        }

        /**
         * Fails the task if the shard changed while it was read, so that Spark reads it again. A shard deleted meanwhile was read
         * completely.
         */
        private void requireUnchanged(Shard read, ShardState opened) {
            try {
                ShardState now = ShardState.of(read.uri(), hadoop.value().value());
                if (!now.equals(opened)) {
                    throw new IOException("Shard " + read.uri() + " was written anew while it was read");
                }
            } catch (FileNotFoundException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns the single result of a shard that was deleted after planning. */
        private Iterator<EncodedImage> gone(Shard lost) {
            tallies.put(lost.uri(), new ShardTally(0, 0, 0, 1));
            List<Reference> photos = lost.only().isEmpty()
                    ? List.of(new Reference(new Path(lost.uri()).getName(), lost.uri()))
                    : lost.only();
            return photos.stream()
                    .map(photo -> missing(photo, "The shard is no longer there"))
                    .iterator();
        }

        @Override
        public void close() {
            try {
                if (reader != null) {
                    reader.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                shard = null;
                state = null;
                reader = null;
                current = Collections.emptyIterator();
            }
        }
    }

    /** The selected photos of a shard, followed by those that are no longer in it. */
    private static final class SelectedPhotos implements Iterator<EncodedImage> {
        private final Iterator<EncodedImage> all;
        private final Map<String, Reference> left = new LinkedHashMap<>();
        private @Nullable EncodedImage ahead;

        SelectedPhotos(Iterator<EncodedImage> all, List<Reference> only) {
            this.all = all;
            only.forEach(photo -> left.put(photo.uri(), photo));
        }

        @Override
        public boolean hasNext() {
            return ahead() != null;
        }

        @Override
        public EncodedImage next() {
            EncodedImage photo = ahead();
            if (photo == null) {
                throw new NoSuchElementException();
            }
            ahead = null;
            return photo;
        }

        private @Nullable EncodedImage ahead() {
            while (ahead == null && all.hasNext()) {
                EncodedImage photo = all.next();
                ahead = left.remove(photo.uri()) == null ? null : photo;
            }
            Iterator<Reference> lost = left.values().iterator();
            if (ahead == null && lost.hasNext()) {
                ahead = missing(lost.next(), "The photo is no longer in its shard");
                lost.remove();
            }
            return ahead;
        }
    }
}
