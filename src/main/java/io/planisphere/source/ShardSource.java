package io.planisphere.source;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * A shard: a file with many photos.
 *
 * @param column column of photos in a Parquet file; empty for other formats
 */
public record ShardSource(String uri, ShardFormat format, String column) implements Serializable {

    /**
     * Opens the shard on its Hadoop file system.
     *
     * @param maxImageBytes photos over it become {@link io.planisphere.image.Status#TOO_LARGE} rows
     * @param optOut list of photos and users whose photos become {@link io.planisphere.image.Status#OPTED_OUT} rows
     * @throws java.io.FileNotFoundException if it no longer exists
     */
    public ShardReader open(long maxImageBytes, Content content, OptOut optOut, Configuration hadoop)
            throws IOException {
        return switch (format) {
            case WEBDATASET -> WebDatasetReader.open(uri, maxImageBytes, content, optOut, hadoop);
            case IMAGESEQUENCE -> new SequenceReader(stored(uri, hadoop), this, maxImageBytes, content, optOut, hadoop);
            case PARQUET -> ParquetPhotos.open(this, maxImageBytes, content, optOut, hadoop);
        };
    }

    static FSDataInputStream stored(String uri, Configuration hadoop) throws IOException {
        Path shard = new Path(uri);
        return FileSystems.of(shard, hadoop).open(shard);
    }
}
