package io.planisphere.spark.pack;

import io.planisphere.pack.PackedPhoto;
import io.planisphere.pack.ShardWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes the shards of one task in sequence. A new shard begins when a photo would make the current one larger than the target
 * size.
 */
final class TaskShards implements AutoCloseable {
    private final PackBatch batch;
    private final TaskContext task;
    private final Configuration hadoop;
    private final Set<String> keys = new HashSet<>();
    private final List<String> written = new ArrayList<>();
    private @Nullable ShardWriter open;
    private String name = "";
    private int number;
    private long photos;
    private long bytes;

    TaskShards(PackBatch batch, TaskContext task) {
        this.batch = batch;
        this.task = task;
        this.hadoop = batch.hadoop().value().value();
    }

    /** Returns whether this task has a photo of this key, in any of its shards. */
    boolean holds(String key) {
        return keys.contains(key);
    }

    /** Writes the photo, and returns the name of its shard. */
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

    /** Returns the names of the complete shards. */
    List<String> written() {
        return List.copyOf(written);
    }

    /** Closes the shard that is being written, if there is one. */
    void finish() throws IOException {
        if (open != null) {
            ShardWriter whole = open;
            open = null;
            whole.close();
            written.add(name);
            photos = 0;
            bytes = 0;
        }
    }

    private Path path() {
        return new Path(batch.job().shards(), name);
    }

    /** Abandons an unfinished shard of a failed task. The file may remain; no commit will name it. */
    @Override
    public void close() {
        ShardWriter abandoned = open;
        open = null;
        try {
            if (abandoned != null) {
                abandoned.close();
                path().getFileSystem(hadoop).delete(path(), false);
            }
        } catch (IOException e) {
            return; // it is removed at the end of the run
        }
    }
}
