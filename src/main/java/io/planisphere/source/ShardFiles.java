package io.planisphere.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** Finds shards by name: in folders, as files, by globs. */
public final class ShardFiles {
    private ShardFiles() {}

    /**
     * Returns all given shards, in the order of their paths.
     *
     * @throws InputException if a path has no shards, or a file does not have the name of a shard
     */
    public static List<ShardSource> of(List<String> given, Optional<String> photoColumn, Configuration hadoop)
            throws IOException {
        List<ShardSource> shards = new ArrayList<>();
        for (String one : given) {
            int before = shards.size();
            for (FileStatus file : files(one, hadoop)) {
                Optional<ShardFormat> format = Arrays.stream(ShardFormat.values())
                        .filter(known -> known.names(file.getPath().getName()))
                        .findFirst();
                if (format.isPresent()) {
                    shards.add(source(file, format.get(), photoColumn, hadoop));
                }
            }
            if (shards.size() == before) {
                throw new InputException("There is no shard at " + one
                        + "; shards are told by their names, .tar, .tar.gz, .tgz, .seq, .sequencefile or .parquet");
            }
        }
        shards.sort(Comparator.comparing(ShardSource::uri));
        return shards;
    }

    /** Returns the shard of a file. A file that cannot be read has no column; verifying it reports why. */
    private static ShardSource source(
            FileStatus file, ShardFormat format, Optional<String> photoColumn, Configuration hadoop)
            throws IOException {
        String column = "";
        if (format == ShardFormat.PARQUET) {
            column = new ParquetInputs(hadoop, photoColumn)
                    .photoColumn(file.getPath().toString(), List.of(file))
                    .orElse(photoColumn.orElse(""));
        }
        return new ShardSource(file.getPath().toString(), format, column);
    }

    private static List<FileStatus> files(String given, Configuration hadoop) throws IOException {
        GivenPath path = GivenPath.of("Input", given, hadoop);
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus one : path.found()) {
            if (one.isDirectory()) {
                for (FileStatus file : path.fs().listStatus(one.getPath())) {
                    String name = file.getPath().getName();
                    if (file.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
                        files.add(file);
                    }
                }
            } else {
                files.add(one);
            }
        }
        return files;
    }
}
