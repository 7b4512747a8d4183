package io.planisphere.vision;

import com.google.common.geometry.S2Cell;
import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.PredictionCells;
import io.planisphere.infer.Inferred;
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
    private final double[] vectors; // unit vectors of the cells' mean places: x, y, z of cell i at 3i
    private final float[] probabilities;
    private final float[] chords;

    /** A cell that the photo may have been taken in. */
    public record Candidate(Cell cell, float probability) {}

    /**
     * The prediction of where a photo was taken.
     *
     * @param cells most probable first; at least one
     * @param radiusKm radius around the best cell's mean place that contains half of the probability
     */
    public record Guess(List<Candidate> cells, double radiusKm) {
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
     */
    public Geolocator(CellProbabilities ofPhoto, PredictionCells predictionCells, int topK) {
        this.ofPhoto = ofPhoto;
        this.predictionCells = predictionCells;
        this.cells = predictionCells.cells().cells();
        this.topK = Math.min(topK, cells.size());
        vectors = new double[3 * cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            LatLng mean = cells.get(i).mean();
            double latitude = Math.toRadians(mean.latitude());
            double longitude = Math.toRadians(mean.longitude());
            vectors[3 * i] = Math.cos(latitude) * Math.cos(longitude);
            vectors[3 * i + 1] = Math.cos(latitude) * Math.sin(longitude);
            vectors[3 * i + 2] = Math.sin(latitude);
        }
        probabilities = new float[cells.size()];
        chords = new float[cells.size()];
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
        return new Guess(candidates, radiusKm(best[0]));
    }

    /**
     * Returns the weighted median of the cells' distances from the best one. A cell's probability is placed at its mean place,
     * but the best cell's own is spread over the cell: half of a round cell is within sqrt(area / 2π), which is the minimum
     * result. A cell that stands for a place reaches half-way to the nearest other place.
     */
    private double radiusKm(int best) {
        float nearest = 4; // the squared diameter
        for (int i = 0; i < chords.length; i++) {
            double x = vectors[3 * i] - vectors[3 * best];
            double y = vectors[3 * i + 1] - vectors[3 * best + 1];
            double z = vectors[3 * i + 2] - vectors[3 * best + 2];
            chords[i] = (float) (x * x + y * y + z * z);
            nearest = i == best ? nearest : Math.min(nearest, chords[i]);
        }
        double radians = radians(WeightedMedian.of(chords, probabilities));
        double withinBest = predictionCells.cells().isOfPlaces()
                ? radians(nearest) / 2
                : Math.sqrt(new S2Cell(cells.get(best).id()).averageArea() / (2 * Math.PI));
        return LatLng.EARTH_RADIUS_KM * Math.max(radians, withinBest);
    }

    private static double radians(double squaredChord) {
        return 2 * Math.asin(Math.min(1, Math.sqrt(squaredChord) / 2));
    }
}
