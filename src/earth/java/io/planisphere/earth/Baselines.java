package io.planisphere.earth;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What needs no network: the best that the cells allow, and the best constant baseline. */
final class Baselines {
    private Baselines() {}

    /** The right cell for every place; the nearest one for a place without. */
    static Scores rightCellAlways(Partition partition, List<LatLng> places) {
        int[] guesses = places.stream()
                .mapToInt(place -> partition.labelOf(place).orElseGet(() -> nearest(partition, place)))
                .toArray();
        return Scores.of(partition, places, guesses);
    }

    private static int nearest(Partition partition, LatLng place) {
        return partition.cells().stream()
                .min(Comparator.comparingDouble(cell -> cell.mean().distanceKm(place)))
                .orElseThrow()
                .label();
    }

    /** One cell for all places, chosen anew for each figure as the one that is best at it on the training places. */
    static Scores bestConstants(Partition partition, List<LatLng> training, List<LatLng> places) {
        Scores[] onTraining = partition.cells().stream()
                .map(cell -> constant(partition, cell, training))
                .toArray(Scores[]::new);
        Map<Integer, Double> within = new LinkedHashMap<>();
        for (int radius : Scores.RADII_KM) {
            Cell cell = best(partition, onTraining, scores -> scores.withinKm().get(radius));
            within.put(radius, constant(partition, cell, places).withinKm().get(radius));
        }
        Cell mostOften = best(partition, onTraining, Scores::topOne);
        Cell central = best(partition, onTraining, scores -> -scores.medianKm());
        return new Scores(
                places.size(),
                constant(partition, mostOften, places).topOne(),
                constant(partition, central, places).medianKm(),
                within);
    }

    private static Cell best(Partition partition, Scores[] byLabel, ToDoubleFunction<Scores> figure) {
        return partition.cells().stream()
                .max(Comparator.comparingDouble(cell -> figure.applyAsDouble(byLabel[cell.label()])))
                .orElseThrow();
    }

    private static Scores constant(Partition partition, Cell cell, List<LatLng> places) {
        int[] guesses = new int[places.size()];
        Arrays.fill(guesses, cell.label());
        return Scores.of(partition, places, guesses);
    }

    /** Share of the places with a training place at most 1 km away. */
    static double nearTraining(List<LatLng> training, List<LatLng> places) {
        long near = places.stream()
                .filter(place -> training.stream().anyMatch(other -> other.distanceKm(place) <= 1))
                .count();
        return near / (double) places.size();
    }
}
