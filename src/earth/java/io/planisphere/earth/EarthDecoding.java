package io.planisphere.earth;

import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.Partition;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import io.planisphere.model.Decoding;
import io.planisphere.train.DecodingFit;
import io.planisphere.train.DecodingFit.Trial;
import io.planisphere.vision.CellDistribution;
import io.planisphere.vision.CellProbabilities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The package's decoding: fitted on one half of the unseen authors, checked on the other. Authors are halved by the parity of
 * their name's hash.
 */
final class EarthDecoding {
    private EarthDecoding() {}

    /**
     * Fits the decoding.
     *
     * @param figures takes the shares of the other half's places within the two radii
     */
    static Decoding fit(
            Geolocator geolocator,
            Partition partition,
            Raster map,
            List<Places.Place> unseenAuthors,
            Map<String, Object> figures)
            throws Exception {
        List<Trial> fitted = new ArrayList<>();
        List<Trial> checked = new ArrayList<>();
        CellProbabilities probabilities =
                new CellProbabilities(new Hierarchy(List.of(partition)), List.of(Activation.SOFTMAX), 1);
        CellDistribution distribution = new CellDistribution(partition.cells());
        int size = Network.SHAPE.resolution();
        float[] planes = new float[3 * size * size];
        for (Places.Place place : unseenAuthors) {
            Window.plain(place.at()).render(map, size, planes);
            float[] logits = geolocator.logits(Geolocator.normalised(planes));
            float[] ofCells = probabilities.of(List.of(new Inferred.Outputs(new float[][] {logits})));
            int author = place.author().hashCode();
            (author % 2 == 0 ? fitted : checked).add(Trial.of(author, place.at(), ofCells, distribution));
        }
        DecodingFit fit = DecodingFit.of(fitted);
        Decoding decoding = fit.decoding();
        int rule = DecodingFit.WITHIN_KM.indexOf(decoding.meanWithinKm());
        Map<String, Object> shares = new LinkedHashMap<>();
        shares.put("fitted_on", fitted.size());
        shares.put("checked_on", checked.size());
        shares.put("within_radius", share(checked, each -> each.radiiKm()[rule] * decoding.radiusScale(), rule));
        shares.put("within_radius90", share(checked, each -> each.radii90Km()[rule] * decoding.radius90Scale(), rule));
        shares.put("within_radius_unscaled", share(checked, each -> each.radiiKm()[rule], rule));
        shares.put("within_radius90_unscaled", share(checked, each -> each.radii90Km()[rule], rule));
        figures.put("decoding", shares);
        return decoding;
    }

    private interface Radius {
        double of(Trial trial);
    }

    private static double share(List<Trial> trials, Radius radius, int rule) {
        long within = trials.stream()
                .filter(each -> each.errorsKm()[rule] <= radius.of(each))
                .count();
        return Scores.rounded(within / (double) trials.size(), 1000);
    }
}
