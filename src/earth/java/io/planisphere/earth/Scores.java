package io.planisphere.earth;

import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How far guesses are from the truth.
 *
 * @param places how many were guessed
 * @param topOne share whose cell was guessed
 * @param medianKm median great-circle distance between the place and the guessed cell's mean place
 * @param withinKm radius to the share of places with an error up to it
 */
record Scores(int places, double topOne, double medianKm, Map<Integer, Double> withinKm) {
    /** Street, city, region, country, continent. */
    static final List<Integer> RADII_KM = List.of(1, 25, 200, 750, 2500);

    static Scores of(Partition partition, List<LatLng> truths, int[] guesses) {
        double[] errors = IntStream.range(0, guesses.length)
                .mapToDouble(i -> partition.cells().get(guesses[i]).mean().distanceKm(truths.get(i)))
                .sorted()
                .toArray();
        long right = IntStream.range(0, guesses.length)
                .filter(i -> partition.labelOf(truths.get(i)).orElse(-1) == guesses[i])
                .count();
        Map<Integer, Double> within = new LinkedHashMap<>();
        for (int radius : RADII_KM) {
            within.put(
                    radius,
                    Arrays.stream(errors).filter(error -> error <= radius).count() / (double) errors.length);
        }
        double median = (errors[(errors.length - 1) / 2] + errors[errors.length / 2]) / 2;
        return new Scores(errors.length, right / (double) errors.length, median, within);
    }

    /** As the design's metrics file has it, with {@code top_1} beside. */
    Map<String, Object> toJson() {
        Map<String, Object> within = new LinkedHashMap<>();
        withinKm.forEach((radius, share) -> within.put(Integer.toString(radius), rounded(share, 10_000)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", places);
        json.put("top_1", rounded(topOne, 10_000));
        json.put("median_km", rounded(medianKm, 10));
        json.put("within_km", within);
        return json;
    }

    /** To the nearest part of {@code perUnit}. */
    static double rounded(double value, double perUnit) {
        return Math.round(value * perUnit) / perUnit;
    }
}
