package io.planisphere.spark.evaluate;

import io.planisphere.eval.PlacedPhotos;
import io.planisphere.eval.PlacedPhotos.Grouping;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Collects the rows of {@link MeasurePhotos}, which are ordered by user, into columns of plain values. */
final class MeasuredColumns {
    /** The group of photos with an empty value. */
    private static final String NONE = "(none)";

    // each group is resampled separately, and is a line in a table for readers
    private static final int MAX_GROUPS = 10_000;

    private final int[] user;
    private final double[] errorKm;
    private final double[] otherErrorKm;
    private final double[] perfectErrorKm;
    private final float[] confidence;
    private final float[] radiusKm;
    private final float[] radius90Km;
    private final byte[] inCell;
    private final List<String> by;
    private final List<Map<String, Integer>> names;
    private final int[][] groups;

    private int photos;
    private int users;
    private @Nullable String latestUser;

    MeasuredColumns(int photos, List<String> by) {
        user = new int[photos];
        errorKm = new double[photos];
        otherErrorKm = new double[photos];
        perfectErrorKm = new double[photos];
        confidence = new float[photos];
        radiusKm = new float[photos];
        radius90Km = new float[photos];
        inCell = new byte[photos];
        this.by = by;
        names = by.stream()
                .<Map<String, Integer>>map(each -> new LinkedHashMap<>())
                .toList();
        groups = new int[by.size()][photos];
    }

    void add(Row measured) {
        String who = measured.getString(0);
        if (photos > 0 && (who == null || !who.equals(latestUser))) {
            users++;
        }
        latestUser = who;
        user[photos] = users;
        errorKm[photos] = measured.getDouble(1);
        otherErrorKm[photos] = measured.getDouble(2);
        perfectErrorKm[photos] = measured.getDouble(3);
        confidence[photos] = measured.getFloat(4);
        radiusKm[photos] = measured.getFloat(5);
        radius90Km[photos] = measured.getFloat(6);
        inCell[photos] = measured.getByte(7);
        List<@Nullable String> theirs = measured.getList(8);
        for (int i = 0; i < groups.length; i++) {
            Map<String, Integer> known = names.get(i);
            String name = Optional.ofNullable(theirs.get(i)).orElse(NONE);
            groups[i][photos] = known.computeIfAbsent(name, unknown -> known.size());
            if (known.size() > MAX_GROUPS) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Cannot break down by %s: it has more than %,d values; choose a column with fewer",
                        by.get(i),
                        MAX_GROUPS));
            }
        }
        photos++;
    }

    /** Returns all photos added. */
    PlacedPhotos photos() {
        return new PlacedPhotos(
                user,
                errorKm,
                confidence,
                radiusKm,
                radius90Km,
                inCell,
                known(otherErrorKm),
                known(perfectErrorKm),
                IntStream.range(0, groups.length)
                        .mapToObj(i ->
                                new Grouping(by.get(i), List.copyOf(names.get(i).keySet()), groups[i]))
                        .toList());
    }

    private static Optional<double[]> known(double[] values) {
        return Arrays.stream(values).allMatch(Double::isNaN) ? Optional.empty() : Optional.of(values);
    }
}
