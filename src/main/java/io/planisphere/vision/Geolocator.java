package io.planisphere.vision;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.PredictionCells;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Decoding;
import java.util.Arrays;
import java.util.List;

/**
 * Converts a geolocation network's scores to probabilities over the cells of a partition, as in PlaNet (Weyand et al., ECCV 2016,
 * section 3). Not thread-safe: it reuses its buffers.
 */
public final class Geolocator {
    private final CellProbabilities ofPhoto;
    private final PredictionCells predictionCells;
    private final List<Cell> cells; // cells that may be predicted, as are those of the arrays below
    private final int topK;
    private final float[] probabilities;
    private final CellDistribution distribution;
    private final Decoding decoding;

    /** A cell that the photo may have been taken in. */
    public record Candidate(Cell cell, float probability) {}

    /**
     * The prediction of where a photo was taken.
     *
     * @param cells most probable first; at least one
     * @param place where the photo was taken, most probably
     * @param radiusKm radius around the place that holds half of the probability
     * @param radius90Km radius around the place that holds 90 % of the probability
     */
    public record Guess(List<Candidate> cells, LatLng place, double radiusKm, double radius90Km) {
        public Guess {
            cells = List.copyOf(cells);
        }

        public Candidate best() {
            return cells.get(0);
        }
    }

    /**
     * @param predictionCells the cells that may be predicted for those of the finest partition
     * @param topK maximum number of cells in a guess
     * @param decoding how probabilities become a place and radii
     */
    public Geolocator(CellProbabilities ofPhoto, PredictionCells predictionCells, int topK, Decoding decoding) {
        this.ofPhoto = ofPhoto;
        this.predictionCells = predictionCells;
        this.cells = predictionCells.cells().cells();
        this.topK = Math.min(topK, cells.size());
        probabilities = new float[cells.size()];
        distribution = new CellDistribution(cells);
        this.decoding = decoding;
    }

    /**
     * Predicts where the photo with these scores was taken.
     *
     * @param views scores of every head, for each crop
     */
    public Guess locate(List<Inferred.Outputs> views) {
        float[] ofCells = ofPhoto.of(views);
        Arrays.fill(probabilities, 0);
        for (int label = 0; label < ofCells.length; label++) {
            probabilities[predictionCells.of(label)] += ofCells[label];
        }
        int[] best = Probabilities.largest(probabilities, topK);
        List<Candidate> candidates = Arrays.stream(best)
                .mapToObj(i -> new Candidate(cells.get(i), probabilities[i]))
                .toList();
        LatLng place = distribution.mean(probabilities, best[0], decoding.meanWithinKm());
        return new Guess(
                candidates,
                place,
                CellDistribution.scaled(
                        distribution.radiusKm(probabilities, best[0], place, 0.5), decoding.radiusScale()),
                CellDistribution.scaled(
                        distribution.radiusKm(probabilities, best[0], place, 0.9), decoding.radius90Scale()));
    }
}
