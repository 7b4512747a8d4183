package io.planisphere.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** An input of a job, its format known. */
public sealed interface PhotoInput {
    /** The input as the user gave it. */
    String given();

    /**
     * Photos inside shards: {@code glob} finds them, and those that come later.
     *
     * @param column of Parquet files, the one that holds the photos; empty for other formats
     */
    record Shards(String given, String glob, ShardFormat format, String column) implements PhotoInput {
        /** Those that are there now, in the order of their names. */
        public List<ShardSource> found(Configuration hadoop) throws IOException {
            Path path = new Path(glob);
            FileStatus[] files = path.getFileSystem(hadoop).globStatus(path);
            return Arrays.stream(files == null ? new FileStatus[0] : files)
                    .map(file -> new ShardSource(file.getPath().toString(), format, column))
                    .toList();
        }
    }

    /** Photos that stand elsewhere; planned into chunks of references before they are fetched. */
    sealed interface References extends PhotoInput {}

    /** Files of references: CSV and TSV with a header line, or Parquet. */
    record Manifest(String given, List<String> files) implements References {}

    /** All photos below some folders, or single ones. */
    record Folder(String given, List<String> roots) implements References {}

    /**
     * YFCC100M metadata.
     *
     * @param images the folder of all photos, {@code data/images} of the public bucket or a copy
     */
    record Yfcc100m(String given, List<String> files, String images) implements References {}
}
