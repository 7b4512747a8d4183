package io.planisphere.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

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
        /** Their files that are there now, in the order of their names. */
        public List<FileStatus> files(Configuration hadoop) throws IOException {
            return GivenPath.of("Input", glob, hadoop).found().stream()
                    .filter(FileStatus::isFile)
                    .sorted()
                    .toList();
        }

        /** Those that are there now, in the order of their names. */
        public List<ShardSource> found(Configuration hadoop) throws IOException {
            return files(hadoop).stream()
                    .map(file -> new ShardSource(file.getPath().toString(), format, column))
                    .toList();
        }
    }

    /** Photos that stand elsewhere; planned into chunks of references before they are fetched. */
    sealed interface References extends PhotoInput {}

    /** Files of references: CSV and TSV with a header line, or Parquet. */
    record Manifest(String given, List<String> files) implements References {}

    /**
     * A table of a catalog, of references or of photos.
     *
     * @param name as SQL has it
     * @param photoColumn the column that holds the photos, if the command line says which
     */
    record Table(String given, String name, Optional<String> photoColumn) implements References {
        /** What the name of a table follows, where a folder could stand as well. */
        public static final String PREFIX = "table:";
    }

    /** All photos below some folders, or single ones. */
    record Folder(String given, List<String> roots) implements References {}

    /**
     * YFCC100M metadata.
     *
     * @param images the folder of all photos, {@code data/images} of the public bucket or a copy
     */
    record Yfcc100m(String given, List<String> files, String images) implements References {}
}
