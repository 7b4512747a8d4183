package io.planisphere.jobs;

import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.rows.AlbumRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for albums: which photos are smoothed together. */
final class AlbumOptions {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Map<String, Long> UNIT_SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86400L);

    @Option(
            names = "--album-window",
            paramLabel = "TIME",
            description = "Predict the photos of an album together; a pause longer than this ends an album: 24h, 90m, "
                    + "2d.")
    private @Nullable String window;

    @Option(
            names = "--album-by",
            paramLabel = "COLUMN",
            split = ",",
            description = "What the photos of an album share. Default: ${DEFAULT-VALUE}.",
            defaultValue = "user")
    private List<String> by = List.of();

    @Option(
            names = "--album-metadata",
            paramLabel = "URI",
            description = "Table of who took a photo and when: CSV, TSV, Parquet, yfcc100m:FILE or webdataset:GLOB. "
                    + "Default: what the inputs say.")
    private @Nullable String metadata;

    @Option(
            names = "--album-time",
            paramLabel = "COLUMN",
            description = "Column of --album-metadata with the time. Default: taken, date_taken, timestamp or a "
                    + "similar name.")
    private @Nullable String time;

    @Option(
            names = "--album-match",
            paramLabel = "KEY",
            description = "How --album-metadata identifies photos: ${COMPLETION-CANDIDATES}. Default: by the name of "
                    + "its column.")
    private @Nullable PhotoKey match;

    /** Returns the rule for albums; empty if there are none. */
    Optional<AlbumRule> rule(Problems problems) {
        if (window == null) {
            if (metadata != null || time != null || match != null) {
                problems.add("--album-metadata, --album-time and --album-match need --album-window");
            }
            return Optional.empty();
        }
        Matcher duration = DURATION.matcher(window);
        if (!duration.matches()) {
            problems.add("--album-window must be a number and s, m, h or d, such as 24h, got " + window);
            return Optional.empty();
        }
        long seconds = Long.parseLong(duration.group(1)) * UNIT_SECONDS.getOrDefault(duration.group(2), 1L);
        return Optional.of(new AlbumRule(seconds, by, time, metadata, match));
    }
}
