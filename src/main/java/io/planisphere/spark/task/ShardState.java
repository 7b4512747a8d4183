package io.planisphere.spark.task;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The length and time of a shard, to detect changes. A shard that is overwritten while a task reads it may yield the first half
 * of one photo and the second half of another.
 *
 * @param modified modification time in milliseconds since the epoch
 */
record ShardState(long bytes, long modified) {
    /** @throws java.io.FileNotFoundException if it does not exist */
    static ShardState of(String uri, Configuration hadoop) throws IOException {
        Path shard = new Path(uri);
        FileStatus status = shard.getFileSystem(hadoop).getFileStatus(shard);
        return new ShardState(status.getLen(), status.getModificationTime());
    }
}
