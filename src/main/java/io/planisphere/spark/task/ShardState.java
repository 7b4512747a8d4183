package io.planisphere.spark.task;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Tells whether a shard is still the one that it was. A shard that is written anew while a task reads it may give the first
 * half of one photo and the second of another.
 *
 * @param modified milliseconds of the epoch
 */
record ShardState(long bytes, long modified) {
    /** @throws java.io.FileNotFoundException if it is not there */
    static ShardState of(String uri, Configuration hadoop) throws IOException {
        Path shard = new Path(uri);
        FileStatus status = shard.getFileSystem(hadoop).getFileStatus(shard);
        return new ShardState(status.getLen(), status.getModificationTime());
    }
}
