package io.planisphere.pack;

import io.planisphere.source.FileSystems;
import io.planisphere.source.ShardFormat;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** One shard while it is written; whole once it is closed without an exception. For one thread. */
public interface ShardWriter extends Closeable {
    /** What a photo takes beside its bytes, about: headers and metadata. */
    long OVERHEAD_BYTES = 2048;

    void add(PackedPhoto photo) throws IOException;

    /** Writes a new shard at {@code path}, over what stood there. */
    static ShardWriter create(ShardFormat format, Path path, Configuration hadoop) throws IOException {
        FSDataOutputStream out = FileSystems.of(path, hadoop).create(path, true);
        return switch (format) {
            case WEBDATASET -> new TarShard(out);
            case IMAGESEQUENCE -> new SequenceShard(out, hadoop);
            case PARQUET -> new ParquetShard(out, hadoop);
        };
    }
}
