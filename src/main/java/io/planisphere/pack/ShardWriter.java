package io.planisphere.pack;

import io.planisphere.source.FileSystems;
import io.planisphere.source.ShardFormat;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Writes one shard, which is complete once it is closed without an exception. Not thread-safe. */
public interface ShardWriter extends Closeable {
    /** Approximate bytes per photo for headers and metadata. */
    long OVERHEAD_BYTES = 2048;

    void add(PackedPhoto photo) throws IOException;

    /** Creates a shard at {@code path}, replacing an existing file. */
    static ShardWriter create(ShardFormat format, Path path, Configuration hadoop) throws IOException {
        FSDataOutputStream out = FileSystems.of(path, hadoop).create(path, true);
        return switch (format) {
            case WEBDATASET -> new TarShard(out);
            case IMAGESEQUENCE -> new SequenceShard(out, hadoop);
            case PARQUET -> new ParquetShard(out, hadoop);
        };
    }
}
