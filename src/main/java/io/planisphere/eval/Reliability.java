package io.planisphere.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The calibration of predictions: whether a confidence of 0.7 is right 7 times in 10.
 *
 * @param bins bins of ascending confidence, without empty ones
 * @param n number of photos in them
 * @param calibrationError expected calibration error, 0 to 1
 */
public record Reliability(int n, List<Bin> bins, double calibrationError) {
    private static final int BINS = 10;

    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * Photos whose confidence is from {@code low} to below {@code high}; the last bin includes 1.
     *
     * @param inCell share of photos whose true place is in the row's cell
     */
    public record Bin(double low, double high, int n, double meanConfidence, Estimate inCell) {}

    /**
     * Returns ten bins of equal width over the photos whose row has a cell and a confidence, and the expected calibration error:
     * the mean difference between a bin's mean confidence and its share of correct cells, weighted by photos (Guo et al., ICML
     * 2017, section 2). Empty if there is no such photo.
     */
    public static Optional<Reliability> of(PlacedPhotos photos) {
        float[] confidence = photos.confidence();
        int[] claimed = IntStream.range(0, photos.count())
                .filter(i -> photos.inCell()[i] >= 0 && !Float.isNaN(confidence[i]))
                .toArray();
        if (claimed.length == 0) {
            return Optional.empty();
        }
        List<Bin> bins = new ArrayList<>();
        double distance = 0;
        for (int bin = 0; bin < BINS; bin++) {
            int wanted = bin;
            int[] members = Arrays.stream(claimed)
                    .filter(i -> binOf(confidence[i]) == wanted)
                    .toArray();
            if (members.length > 0) {
                double mean = Arrays.stream(members)
                        .mapToDouble(i -> confidence[i])
                        .average()
                        .orElseThrow();
                Estimate inCell = Share.of(members, i -> photos.inCell()[i] == 1, photos.user());
                bins.add(new Bin((double) bin / BINS, (bin + 1.0) / BINS, members.length, mean, inCell));
                distance += members.length * Math.abs(mean - inCell.value());
            }
        }
        return Optional.of(new Reliability(claimed.length, bins, distance / claimed.length));
    }

    private static int binOf(float confidence) {
        return Math.min(BINS - 1, Math.max(0, (int) (confidence * BINS)));
    }
}
