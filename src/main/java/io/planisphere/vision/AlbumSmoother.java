package io.planisphere.vision;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Smooths the predictions for the photos of an album. PlaNet does this with a recurrent network (Weyand et al., ECCV 2016, on
 * photo albums); a hidden Markov model does it here without training on albums. The hidden states are the predicted cells of all
 * photos, plus one state "elsewhere" for all other cells. The forward–backward algorithm (Rabiner, 1989, section III) computes
 * each photo's probabilities given all photos.
 *
 * <p>The evidence of a photo for a cell is p(cell | photo) / p(cell), where p(cell) is the share of the training photos in it.
 * Cells that a photo does not name share the rest of its probability in proportion to p(cell). Between two photos the
 * photographer stays near: the probability of a cell falls with its distance d as exp(−d / (25 km + 10 km/h · t)), where t is the
 * time between the photos. With a probability of 10 % the photographer is anywhere; for t of weeks it grows to 1 as 1 − exp(−t /
 * 30 days).
 */
public final class AlbumSmoother {
    /** Maximum number of photos that are smoothed together, which bounds time and memory; longer albums are split. */
    public static final int MAX_PHOTOS = 64;

    /** Maximum number of cells considered in one run: those with the largest sums of probability. */
    static final int MAX_CELLS = 128;

    private static final double NEAR_KM = 25;
    private static final double SPEED_KM_PER_HOUR = 10;
    // AlbumGainTest: smaller values lose more on journeys than they gain on days in one city; larger ones gain nothing
    // on journeys
    private static final double ANYWHERE = 0.1;
    private static final double FORGOTTEN_AFTER_HOURS = 30 * 24;
    // no photo rules out a cell, however confident the network is
    private static final double LEAST = 1e-6;

    private final List<Cell> cells;
    private final Map<String, Integer> labels = new HashMap<>();
    private final double[] shares; // shares of the training photos, by label

    /**
     * A photo of an album.
     *
     * @param takenSeconds time in seconds on any clock, the same for all photos
     * @param cells the most probable cells with their probabilities
     */
    public record Photo(long takenSeconds, List<Vote> cells) {
        public Photo {
            cells = List.copyOf(cells);
        }
    }

    /** One of a photo's most probable cells. */
    public record Vote(String token, float probability) {}

    /** The predicted cell of a photo, given its album. */
    public record Prediction(Cell cell, double probability) {}

    /** @param partition partition of the photos' cells */
    public AlbumSmoother(Partition partition) {
        cells = partition.cells();
        cells.forEach(cell -> labels.put(cell.token(), cell.label()));
        // one more photo each, so that no cell is impossible
        double total = cells.stream().mapToLong(cell -> cell.photos() + 1).sum();
        shares = cells.stream().mapToDouble(cell -> (cell.photos() + 1) / total).toArray();
    }

    /**
     * Returns a prediction per photo, in order.
     *
     * @param photos photos in order of time, {@link #MAX_PHOTOS} at most
     * @throws IllegalArgumentException if there are more, or a photo has no cell or one that is not in the partition
     */
    public List<Prediction> smooth(List<Photo> photos) {
        if (photos.size() > MAX_PHOTOS) {
            throw new IllegalArgumentException(
                    "At most " + MAX_PHOTOS + " photos can be smoothed together, got " + photos.size());
        }
        if (photos.isEmpty()) {
            return List.of();
        }
        Map<Integer, Double> sums = new HashMap<>();
        List<Map<Integer, Double>> votes =
                photos.stream().map(photo -> votes(photo, sums)).toList();
        List<Cell> candidates = sums.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_CELLS)
                .map(entry -> cells.get(entry.getKey()))
                .toList();
        return new Chain(candidates).predictions(photos, votes);
    }

    private Map<Integer, Double> votes(Photo photo, Map<Integer, Double> sums) {
        if (photo.cells.isEmpty()) {
            throw new IllegalArgumentException("A photo of an album must name at least one cell");
        }
        Map<Integer, Double> votes = new HashMap<>();
        for (Vote vote : photo.cells) {
            Integer label = labels.get(vote.token);
            if (label == null) {
                throw new IllegalArgumentException(
                        "Cell " + vote.token + " is none of the partition's; label the photos again with this model");
            }
            votes.put(label, (double) vote.probability);
            sums.merge(label, (double) vote.probability, Double::sum);
        }
        return votes;
    }

    /** The states of one album, the last one being "elsewhere". */
    private final class Chain {
        private final List<Cell> candidates;
        private final int elsewhere;
        private final double[] priors;
        private final double[][] distancesKm;

        Chain(List<Cell> candidates) {
            this.candidates = candidates;
            elsewhere = candidates.size();
            priors = new double[elsewhere + 1];
            distancesKm = new double[elsewhere][elsewhere];
            priors[elsewhere] = 1;
            for (int i = 0; i < elsewhere; i++) {
                priors[i] = shares[candidates.get(i).label()];
                priors[elsewhere] -= priors[i];
                LatLng place = candidates.get(i).mean();
                for (int j = 0; j < i; j++) {
                    distancesKm[i][j] = place.distanceKm(candidates.get(j).mean());
                    distancesKm[j][i] = distancesKm[i][j];
                }
            }
            priors[elsewhere] = Math.max(priors[elsewhere], LEAST); // the remainder may be 0
        }

        List<Prediction> predictions(List<Photo> photos, List<Map<Integer, Double>> votes) {
            int n = photos.size();
            double[][] evidence = new double[n][];
            double[][][] moves = new double[n][][];
            double[][] forward = new double[n][];
            for (int i = 0; i < n; i++) {
                evidence[i] = evidence(votes.get(i));
                if (i == 0) {
                    forward[i] = normalised(product(priors, evidence[i]));
                } else {
                    moves[i] = moves(photos.get(i).takenSeconds - photos.get(i - 1).takenSeconds);
                    forward[i] = normalised(product(reached(forward[i - 1], moves[i]), evidence[i]));
                }
            }
            List<Prediction> predictions = new ArrayList<>();
            double[] backward = new double[elsewhere + 1];
            Arrays.fill(backward, 1);
            for (int i = n - 1; i >= 0; i--) {
                predictions.add(0, best(normalised(product(forward[i], backward))));
                if (i > 0) {
                    backward = normalised(reaching(moves[i], product(evidence[i], backward)));
                }
            }
            return predictions;
        }

        /** Returns p(photo | cell), up to a factor. */
        private double[] evidence(Map<Integer, Double> votes) {
            double rest = 1;
            double restOfPrior = 1;
            for (Map.Entry<Integer, Double> vote : votes.entrySet()) {
                rest -= vote.getValue();
                restOfPrior -= shares[vote.getKey()];
            }
            boolean namesAll = votes.size() == cells.size();
            double others = namesAll ? 0 : Math.max(rest, LEAST) / restOfPrior;
            double[] evidence = new double[elsewhere + 1];
            for (int i = 0; i < elsewhere; i++) {
                Double vote = votes.get(candidates.get(i).label());
                evidence[i] = vote == null ? others : Math.max(vote, LEAST) / priors[i];
            }
            evidence[elsewhere] = others;
            return evidence;
        }

        /** Returns the probabilities of the next cell, by cell. */
        private double[][] moves(long seconds) {
            double hours = Math.max(0, seconds) / 3600.0;
            double scaleKm = NEAR_KM + SPEED_KM_PER_HOUR * hours;
            double anywhere = Math.max(ANYWHERE, 1 - Math.exp(-hours / FORGOTTEN_AFTER_HOURS));
            double[][] moves = new double[elsewhere + 1][elsewhere + 1];
            for (int from = 0; from <= elsewhere; from++) {
                for (int to = 0; to <= elsewhere; to++) {
                    moves[from][to] = from == to
                            ? priors[to]
                            : from == elsewhere || to == elsewhere
                                    ? 0
                                    : priors[to] * Math.exp(-distancesKm[from][to] / scaleKm);
                }
                normalised(moves[from]);
                for (int to = 0; to <= elsewhere; to++) {
                    moves[from][to] = (1 - anywhere) * moves[from][to] + anywhere * priors[to];
                }
            }
            return moves;
        }

        private Prediction best(double[] probabilities) {
            int best = 0;
            for (int i = 1; i < elsewhere; i++) {
                best = probabilities[i] > probabilities[best] ? i : best;
            }
            return new Prediction(candidates.get(best), probabilities[best]);
        }
    }

    private static double[] reached(double[] from, double[][] moves) {
        double[] reached = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            for (int j = 0; j < from.length; j++) {
                reached[j] += from[i] * moves[i][j];
            }
        }
        return reached;
    }

    private static double[] reaching(double[][] moves, double[] to) {
        double[] reaching = new double[to.length];
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to.length; j++) {
                reaching[i] += moves[i][j] * to[j];
            }
        }
        return reaching;
    }

    private static double[] product(double[] one, double[] other) {
        double[] product = new double[one.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = one[i] * other[i];
        }
        return product;
    }

    /** Normalises in place to a sum of one, so that long albums do not underflow. */
    private static double[] normalised(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }
}
