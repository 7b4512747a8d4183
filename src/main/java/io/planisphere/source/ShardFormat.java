package io.planisphere.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The formats of shards, which are files with many photos. */
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

    /** Returns the format as written in options and plans. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the format with this code, which must exist. */
    public static ShardFormat ofCode(String code) {
        return Arrays.stream(values())
                .filter(format -> format.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There are no shards of format " + code));
    }

    /** Returns whether the extension of a file name is that of this format. */
    public boolean names(String fileName) {
        return names.matcher(fileName).matches();
    }

    /** Returns a glob that matches the shards directly in a folder. */
    String folderGlob() {
        return "*.{" + extensions + "}";
    }

    /** Returns the extensions of this format, for messages. */
    String extensions() {
        return "." + extensions.replace(",", ", .");
    }
}
