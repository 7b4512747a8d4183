package io.planisphere.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Scores photos by the confidence of their rows. */
public final class Confidence {
    private static final int GROUPS = 10;

    private Confidence() {}

    /**
     * Photos of similar confidence.
     *
     * @param mean mean confidence
     * @param score score of their errors
     */
    public record Group(double lowest, double highest, double mean, GeoScore score) {}

    /**
     * Returns ten groups of equal size, least confident first, of the photos with a place and a confidence. Photos of the same
     * confidence stay together, so groups may be uneven, and fewer than ten.
     */
    public static List<Group> groups(PlacedPhotos photos) {
        float[] confidence = photos.confidence();
        int[] predicted = IntStream.range(0, photos.count())
                .filter(i -> Double.isFinite(photos.errorKm()[i]) && !Float.isNaN(confidence[i]))
                .toArray();
        double[] values =
                Arrays.stream(predicted).mapToDouble(i -> confidence[i]).toArray();
        int[] order = Select.from(predicted, Ascending.order(values));
        List<Group> groups = new ArrayList<>();
        int from = 0;
        for (int group = 1; group <= GROUPS; group++) {
            int to = (int) ((long) order.length * group / GROUPS);
            while (to > 0 && to < order.length && confidence[order[to]] == confidence[order[to - 1]]) {
                to++;
            }
            if (to > from) {
                groups.add(group(photos, Arrays.copyOfRange(order, from, to)));
                from = to;
            }
        }
        return groups;
    }

    private static Group group(PlacedPhotos photos, int[] ascending) {
        float[] confidence = photos.confidence();
        return new Group(
                confidence[ascending[0]],
                confidence[ascending[ascending.length - 1]],
                Arrays.stream(ascending)
                        .mapToDouble(i -> confidence[i])
                        .average()
                        .orElseThrow(),
                GeoScore.ofGroup(Select.from(photos.errorKm(), ascending), Select.from(photos.user(), ascending)));
    }
}
