package io.planisphere.train;

import io.planisphere.gallery.Consensus;
import io.planisphere.gallery.Found;
import io.planisphere.geo.LatLng;
import io.planisphere.model.Decoding;
import io.planisphere.model.Retrieval;
import io.planisphere.train.DecodingFit.Trial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The use of a gallery, fitted on held-out photos: of a grid of rules ({@link Consensus}) the one with the largest gain over the
 * cells alone, by the loss of {@link DecodingFit}. The radii of photos that neighbours place are conformal quantiles of their
 * errors; those of the others are calibrated on the others.
 *
 * @param retrieval the rule
 * @param decoding decoding of the photos that the neighbours do not place
 * @param placedShare share of the held-out photos that the neighbours place
 * @param cellsMedianKm median error of the held-out photos by the cells alone
 * @param medianKm median error with the gallery
 */
public record RetrievalFit(
        Retrieval retrieval, Decoding decoding, double placedShare, double cellsMedianKm, double medianKm) {
    /** Maximum number of neighbours that a rule asks. */
    public static final int MOST_NEIGHBOURS = 16;

    /** Share of the probability that the searched cells hold. */
    public static final double CELLS_SHARE = 0.9;

    private static final List<Integer> NEIGHBOURS = List.of(1, 4, MOST_NEIGHBOURS);
    private static final List<Double> WITHIN_KM = List.of(10.0, 50.0, 200.0);
    private static final int SIMILARITIES = 10; // quantiles of the nearest neighbours' similarities

    /**
     * A held-out photo and its nearest neighbours in the gallery.
     *
     * @param trial its places by the cells alone
     */
    public record Lookup(Trial trial, double latitude, double longitude, Found found) implements Serializable {
        double errorKm(Consensus rule, double otherwise) {
            return rule.place(found)
                    .map(new LatLng(latitude, longitude)::distanceKm)
                    .orElse(otherwise);
        }
    }

    /**
     * Fits a rule; empty if none is better than the cells alone beyond chance.
     *
     * @param decoding decoding of the cells alone
     * @param backbone SHA-256 of the package whose network made the embeddings
     */
    public static Optional<RetrievalFit> of(List<Lookup> lookups, Decoding decoding, String backbone) {
        int candidate = DecodingFit.WITHIN_KM.indexOf(decoding.meanWithinKm());
        double[] before = lookups.stream()
                .mapToDouble(each -> each.trial().errorsKm()[candidate])
                .toArray();
        long[] users = lookups.stream().mapToLong(each -> each.trial().user()).toArray();
        Optional<Consensus> best = Optional.empty();
        double most = 0;
        for (Consensus rule : grid(lookups)) {
            double gain = PairedGain.beyondChance(gains(lookups, before, rule), users);
            if (gain > most) {
                most = gain;
                best = Optional.of(rule);
            }
        }
        return best.map(rule -> fitted(lookups, before, candidate, rule, backbone));
    }

    private static List<Consensus> grid(List<Lookup> lookups) {
        double[] nearest = lookups.stream()
                .filter(each -> each.found().size() > 0)
                .mapToDouble(each -> each.found().similarities()[0])
                .sorted()
                .toArray();
        List<Consensus> grid = new ArrayList<>();
        for (int i = 0; i < SIMILARITIES && nearest.length > 0; i++) {
            double similarity = nearest[(int) ((long) nearest.length * i / SIMILARITIES)];
            for (int neighbours : NEIGHBOURS) {
                for (double within : neighbours == 1 ? WITHIN_KM.subList(0, 1) : WITHIN_KM) {
                    grid.add(new Consensus(neighbours, within, similarity));
                }
            }
        }
        return grid;
    }

    private static double[] gains(List<Lookup> lookups, double[] before, Consensus rule) {
        double[] gains = new double[before.length];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = PairedGain.of(before[i], lookups.get(i).errorKm(rule, before[i]));
        }
        return gains;
    }

    private static RetrievalFit fitted(
            List<Lookup> lookups, double[] before, int candidate, Consensus rule, String backbone) {
        List<Trial> others = new ArrayList<>();
        List<Double> placed = new ArrayList<>();
        double[] after = new double[before.length];
        for (int i = 0; i < after.length; i++) {
            after[i] = lookups.get(i).errorKm(rule, before[i]);
            if (rule.place(lookups.get(i).found()).isPresent()) {
                placed.add(after[i]);
            } else {
                others.add(lookups.get(i).trial());
            }
        }
        double[] errors = placed.stream().mapToDouble(Double::doubleValue).toArray();
        Retrieval retrieval = new Retrieval(
                backbone,
                CELLS_SHARE,
                rule.neighbours(),
                rule.withinKm(),
                rule.minSimilarity(),
                DecodingFit.conformal(errors, 0.5),
                DecodingFit.conformal(errors, 0.9));
        return new RetrievalFit(
                retrieval,
                DecodingFit.calibrated(others, candidate),
                errors.length / (double) after.length,
                DecodingFit.median(before),
                DecodingFit.median(after));
    }
}
