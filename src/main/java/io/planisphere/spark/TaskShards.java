package io.planisphere.spark;

import io.planisphere.pack.PackedPhoto;
import io.planisphere.pack.ShardWriter;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The shards of one task, one after the other. A new one begins where a photo would make the last one larger than wanted. */
final class TaskShards implements AutoCloseable {
    private final PackBatch batch;
    private final int task;
    private final long attempt;
    private final Configuration hadoop;
    private final Set<String> keys = new HashSet<>();
    private @Nullable ShardWriter open;
    private String name = "";
    private int number;
    private long photos;
    private long bytes;

    TaskShards(PackBatch batch, int task, long attempt) {
        this.batch = batch;
        this.task = task;
        this.attempt = attempt;
        this.hadoop = batch.hadoop().value().value();
    }

    /** Whether this task has a photo of this key, in any of its shards. */
    boolean holds(String key) {
        return keys.contains(key);
    }

    /** Writes the photo and says into which shard. */
    String add(PackedPhoto photo) throws IOException {
        long size = photo.bytes().length + ShardWriter.OVERHEAD_BYTES;
        if (photos > 0 && bytes + size > batch.targetBytes()) {
            finish();
        }
        if (open == null) {
            name = batch.name(task, number++);
            open = ShardWriter.create(batch.job().format(), path(), hadoop);
        }
        open.add(photo);
        keys.add(photo.key());
        photos++;
        bytes += size;
        return name;
    }

    /** Closes the shard that is being written, if there is one, and reports it. */
    void finish() throws IOException {
        if (open != null) {
            ShardWriter whole = open;
            open = null;
            whole.close();
            batch.written().add(Map.entry(name, path().toString()));
            photos = 0;
            bytes = 0;
        }
    }

    private Path path() {
        return batch.unfinished(name, attempt);
    }

    /** Gives up a shard that is not finished: the task has failed, and what it wrote is thrown away with the batch's folder. */
    @Override
    public void close() {
        ShardWriter abandoned = open;
        open = null;
        try {
            if (abandoned != null) {
                abandoned.close();
            }
        } catch (IOException e) {
            return; // nobody will read it
        }
    }
}
