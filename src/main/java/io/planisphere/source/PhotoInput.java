package io.planisphere.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** An input of a job, with its format. */
public sealed interface PhotoInput {
    /** Returns the input as the user gave it. */
    String given();

    /**
     * Photos inside shards. {@code glob} finds the shards, including ones added later.
     *
     * @param column column of photos in Parquet files; empty for other formats
     */
    record Shards(String given, String glob, ShardFormat format, String column) implements PhotoInput {
        /** Returns the files that exist now, in the order of their names. */
        public List<FileStatus> files(Configuration hadoop) throws IOException {
            return GivenPath.of("Input", glob, hadoop).found().stream()
                    .filter(FileStatus::isFile)
                    .sorted()
                    .toList();
        }

        /** Returns the shards that exist now, in the order of their names. */
        public List<ShardSource> found(Configuration hadoop) throws IOException {
            return files(hadoop).stream()
                    .map(file -> new ShardSource(file.getPath().toString(), format, column))
                    .toList();
        }
    }

    /** References to photos; planned in chunks before they are fetched. */
    sealed interface References extends PhotoInput {}

    /** Files of references: CSV and TSV with a header line, or Parquet. */
    record Manifest(String given, List<String> files) implements References {}

    /**
     * A catalog table of references or of photos.
     *
     * @param name name in SQL
     * @param photoColumn the column of photos, if given on the command line
     */
    record Table(String given, String name, Optional<String> photoColumn) implements References {
        /** The prefix of a table's name where a folder is also allowed. */
        public static final String PREFIX = "table:";
    }

    /** All photos below some folders, or single photos. */
    record Folder(String given, List<String> roots) implements References {}

    /**
     * YFCC100M metadata.
     *
     * @param images folder of all photos, {@code data/images} of the public bucket or a copy
     */
    record Yfcc100m(String given, List<String> files, String images) implements References {}
}
