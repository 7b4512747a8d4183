package io.planisphere.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** What shards are, files that carry many photos. */
public enum ShardFormat {
    /** Tars; see {@link WebDatasetReader}. */
    WEBDATASET("tar", "tar.gz", "tgz"),
    /** Hadoop SequenceFiles; see {@link SequenceReader}. */
    IMAGESEQUENCE("seq", "sequencefile"),
    /** Parquet files with a column of bytes; see {@link ParquetPhotos}. */
    PARQUET("parquet");

    private final String extensions;
    private final Pattern names;

    ShardFormat(String... extensions) {
        this.extensions = String.join(",", extensions);
        this.names = Pattern.compile("(?i).*\\.(" + String.join("|", extensions).replace(".", "\\.") + ")");
    }

    /** As options and plans write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format with this code; there must be one. */
    public static ShardFormat ofCode(String code) {
        return Arrays.stream(values())
                .filter(format -> format.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There are no shards of format " + code));
    }

    /** Whether a file's name is that of such a shard. */
    public boolean names(String fileName) {
        return names.matcher(fileName).matches();
    }

    /** Matches the shards directly in a folder. */
    String folderGlob() {
        return "*.{" + extensions + "}";
    }

    /** The extensions that such shards have, for messages. */
    String extensions() {
        return "." + extensions.replace(",", ", .");
    }
}
