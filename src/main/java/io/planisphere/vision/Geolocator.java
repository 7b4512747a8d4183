package io.planisphere.vision;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.PredictionCells;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Decoding;
import io.planisphere.vision.Neighbours.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private final Optional<Neighbours> neighbours;

    /** A cell that the photo may have been taken in. */
    public record Candidate(Cell cell, float probability) {}

    /**
     * The prediction of where a photo was taken.
     *
     * @param cells most probable first; at least one
     * @param place where the photo was taken, most probably
     * @param radiusKm radius around the place that holds half of the probability
     * @param radius90Km radius around the place that holds 90 % of the probability
     * @param similarity similarity of the nearest photo of the gallery, −1 to 1; NaN if none was compared
     * @param nearest name of that photo; null unless the gallery has names
     */
    public record Guess(
            List<Candidate> cells,
            LatLng place,
            double radiusKm,
            double radius90Km,
            float similarity,
            @Nullable String nearest) {
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
        this(ofPhoto, predictionCells, topK, decoding, Optional.empty());
    }

    /** @param neighbours search of a gallery, whose cells are those that may be predicted */
    Geolocator(
            CellProbabilities ofPhoto,
            PredictionCells predictionCells,
            int topK,
            Decoding decoding,
            Optional<Neighbours> neighbours) {
        this.ofPhoto = ofPhoto;
        this.predictionCells = predictionCells;
        this.cells = predictionCells.cells().cells();
        this.topK = Math.min(topK, cells.size());
        probabilities = new float[cells.size()];
        distribution = new CellDistribution(predictionCells.cells());
        this.decoding = decoding;
        this.neighbours = neighbours;
    }

    /**
     * Predicts where the photo with these scores was taken.
     *
     * @param views scores of every head, for each crop, and behind them the embedding if a gallery is searched: with that of the
     *     first crop
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
        Optional<Answer> answer =
                neighbours.flatMap(search -> search.ask(views.get(0).values()[ofPhoto.heads()], probabilities));
        float similarity = answer.map(Answer::similarity).orElse(Float.NaN);
        String nearest = answer.map(Answer::photo).orElse(null);
        Optional<LatLng> agreed = answer.flatMap(Answer::place);
        if (agreed.isPresent()) {
            Neighbours search = neighbours.orElseThrow();
            return new Guess(candidates, agreed.get(), search.radiusKm(), search.radius90Km(), similarity, nearest);
        }
        LatLng place = distribution.mean(probabilities, best[0], decoding.meanWithinKm());
        return new Guess(
                candidates,
                place,
                CellDistribution.scaled(
                        distribution.radiusKm(probabilities, best[0], place, 0.5), decoding.radiusScale()),
                CellDistribution.scaled(
                        distribution.radiusKm(probabilities, best[0], place, 0.9), decoding.radius90Scale()),
                similarity,
                nearest);
    }
}
