package io.planisphere.spark;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardTally;
import io.planisphere.source.WebDatasetReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
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
 * A shard to rows. The task reads the tar itself, so that the photos' bytes never become row values: as those they would
 * cost a tenth to two thirds of the speed.
 */
record ShardRows(PhotoTask task, Broadcast<SerializableConfiguration> hadoop, ShardTallies tallies)
        implements FlatMapFunction<ShardRows.Shard, Row> {

    /**
     * A tar, or some of its photos.
     *
     * @param only the wanted photos; empty for all
     * @param plannedBytes its length when it was planned; negative where that does not matter
     */
    record Shard(String uri, List<Reference> only, long plannedBytes) implements Serializable {
        Shard(String uri, List<Reference> only) {
            this(uri, only, -1);
        }
    }

    @Override
    public Iterator<Row> call(Shard shard) throws IOException {
        WebDatasetReader reader;
        ShardState opened;
        try {
            opened = ShardState.of(shard.uri, hadoop.value().value());
            reader = WebDatasetReader.open(
                    shard.uri,
                    task.limits().maxBytes(),
                    task.optOut().value(),
                    hadoop.value().value());
        } catch (FileNotFoundException e) {
            return task.rowsOf(gone(shard));
        }
        PhotoTask.whenTaskEnds(ended -> close(reader));
        Iterator<EncodedImage> photos = shard.only.isEmpty() ? reader : new Chosen(reader, shard.only);
        return tallied(task.rowsOf(photos), shard, opened, reader);
    }

    /** Hands on the rows; at their end, what the reader met on the way. */
    private Iterator<Row> tallied(Iterator<Row> rows, Shard shard, ShardState opened, WebDatasetReader reader) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = rows.hasNext();
                if (!more) {
                    requireUnchanged(shard, opened);
                    boolean replaced = shard.plannedBytes >= 0 && shard.plannedBytes != opened.bytes();
                    ShardTally tally = reader.tally();
                    tallies.add(Map.entry(shard.uri, replaced ? tally.ofReplacedShard() : tally));
                }
                return more;
            }

            @Override
            public Row next() {
                return rows.next();
            }
        };
    }

    /** Else the task fails, and Spark reads the shard again. One that was deleted has been read whole. */
    private void requireUnchanged(Shard shard, ShardState opened) {
        try {
            ShardState now = ShardState.of(shard.uri, hadoop.value().value());
            if (!now.equals(opened)) {
                throw new IOException("Shard " + shard.uri + " was written anew while it was read");
            }
        } catch (FileNotFoundException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shard was there when it was planned. */
    private Iterator<EncodedImage> gone(Shard shard) {
        tallies.add(Map.entry(shard.uri, new ShardTally(0, 0, 0, 1)));
        List<Reference> lost =
                shard.only.isEmpty() ? List.of(new Reference(new Path(shard.uri).getName(), shard.uri)) : shard.only;
        return lost.stream()
                .map(photo -> missing(photo, "The shard is no longer there"))
                .iterator();
    }

    private static EncodedImage missing(Reference photo, String detail) {
        return new EncodedImage.Rejected(photo.id(), photo.uri(), Status.MISSING, detail);
    }

    private static void close(WebDatasetReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some photos of a shard, then those that are no longer in it. */
    private static final class Chosen implements Iterator<EncodedImage> {
        private final Iterator<EncodedImage> all;
        private final Map<String, Reference> left = new LinkedHashMap<>();
        private @Nullable EncodedImage ahead;

        Chosen(Iterator<EncodedImage> all, List<Reference> only) {
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
