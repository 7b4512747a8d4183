package io.planisphere.spark.progress;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The progress of a run as text.
 *
 * @param isOver whether the run has ended; the text then has no time left and no current batch
 */
record ProgressText(Progress progress, boolean isOver) {
    /** Minimum length of a truncated name; a shorter one is useless. */
    private static final int SHORTEST_NAME = 8;

    /**
     * Returns the full text, such as {@code 250 of 1,000 photos, 25.0 per second, 12.5 per core, no errors, 30 s left, batch 3}.
     */
    String full() {
        return joined(photos(), rate(), perCore(), errorsByStatus(), left(), place() + name());
    }

    /** Returns as much of the text as fits into this many columns, most important parts first. */
    String within(int columns) {
        String unnamed = joined(photos(), rate(), perCore(), errorsByStatus(), left(), place());
        int room = columns - width(unnamed);
        if (width(name()) <= room) {
            return unnamed + name();
        }
        String cut = ": …";
        if (room >= cut.length() + SHORTEST_NAME) {
            return unnamed + cut + tail(name(), room - cut.length());
        }
        return Stream.of(
                        unnamed,
                        joined(photos(), rate(), perCore(), errors(), left(), place()),
                        joined(photos(), rate(), perCore(), errors(), left()),
                        joined(photos(), rate(), errors(), left()),
                        joined(photos(), rate(), left()))
                .filter(text -> width(text) <= columns)
                .findFirst()
                .orElseGet(() -> photos().substring(0, Math.min(Math.max(0, columns), photos().length())));
    }

    private static String joined(String... parts) {
        return Arrays.stream(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    private String photos() {
        long known = progress.work().photos();
        if (known > 0) {
            return String.format(Locale.ROOT, "%,d of %,d photos", progress.photos(), known);
        }
        OptionalDouble fraction = progress.fraction();
        String share = fraction.isPresent() && !isOver
                ? String.format(Locale.ROOT, " (%d %%)", (int) (100 * fraction.getAsDouble()))
                : "";
        return String.format(Locale.ROOT, "%,d photos", progress.photos()) + share;
    }

    private String rate() {
        return String.format(Locale.ROOT, "%,.1f per second", progress.photosPerSecond());
    }

    private String perCore() {
        return String.format(Locale.ROOT, "%,.1f per core", progress.photosPerSecondAndCore());
    }

    private String errors() {
        long errors = progress.errors();
        return errors == 0
                ? "no errors"
                : String.format(Locale.ROOT, "%,d %s", errors, errors == 1 ? "error" : "errors");
    }

    /** Returns the error counts, most frequent first. */
    private String errorsByStatus() {
        if (progress.errors() == 0) {
            return errors();
        }
        return progress.errorsByStatus().entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                .map(entry -> String.format(
                        Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey().code()))
                .collect(Collectors.joining(", ", errors() + " (", ")"));
    }

    private String left() {
        if (isOver) {
            return "";
        }
        OptionalDouble left = progress.secondsLeft();
        return left.isEmpty()
                ? "time left unknown"
                : progress.fraction().orElse(0) == 1 ? "nearly done" : duration(left.getAsDouble()) + " left";
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
                : whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
    }

    private String place() {
        if (isOver) {
            return "";
        }
        if (progress.shard() > 0) {
            String known = progress.work().shards() > 0
                    ? String.format(Locale.ROOT, " of %,d", progress.work().shards())
                    : "";
            return String.format(Locale.ROOT, "shard %,d", progress.shard()) + known;
        }
        boolean inBatch = progress.work().shards() == 0 && progress.place().batch() >= 0;
        return inBatch ? "batch " + progress.place().batch() : "";
    }

    /** Returns the name of the shard without control characters, which a terminal would interpret. */
    private String name() {
        String shard = progress.place().shard();
        return place().isEmpty() || shard.isEmpty() ? "" : ": " + shard.replaceAll("\\p{C}", "?");
    }

    private static String tail(String text, int columns) {
        int begin = text.length();
        while (begin > 0 && width(text.substring(text.offsetByCodePoints(begin, -1))) <= columns) {
            begin = text.offsetByCodePoints(begin, -1);
        }
        return text.substring(begin);
    }

    /** Returns an upper bound for the terminal columns of a text: non-Latin characters may take two. */
    private static int width(String text) {
        return text.codePoints()
                .map(point -> point < 0x300 || point == '…' ? 1 : 2)
                .sum();
    }
}
