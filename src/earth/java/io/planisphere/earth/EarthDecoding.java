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
 * The package's decoding, fitted on the unseen authors. It is checked by fitting on one half of them, by the parity of their
 * name's hash, and looking at the other, both ways.
 */
final class EarthDecoding {
    private EarthDecoding() {}

    /**
     * Fits the decoding.
     *
     * @param figures takes the shares of each half's places within the radii that were fitted on the other
     */
    static Decoding fit(
            Geolocator geolocator,
            Partition partition,
            Raster map,
            List<Places.Place> unseenAuthors,
            Map<String, Object> figures)
            throws Exception {
        List<Trial> trials = new ArrayList<>();
        CellProbabilities probabilities =
                new CellProbabilities(new Hierarchy(List.of(partition)), List.of(Activation.SOFTMAX), 1);
        CellDistribution distribution = new CellDistribution(partition);
        int size = Network.SHAPE.resolution();
        float[] planes = new float[3 * size * size];
        for (Places.Place place : unseenAuthors) {
            Window.plain(place.at()).render(map, size, planes);
            float[] logits = geolocator.logits(Geolocator.normalised(planes));
            float[] ofCells = probabilities.of(List.of(new Inferred.Outputs(new float[][] {logits})));
            trials.add(Trial.of(place.author().hashCode(), place.at(), ofCells, distribution));
        }
        List<Trial> even = trials.stream().filter(each -> each.user() % 2 == 0).toList();
        List<Trial> odd = trials.stream().filter(each -> each.user() % 2 != 0).toList();
        DecodingFit fit = DecodingFit.of(trials);
        Map<String, Object> checks = new LinkedHashMap<>();
        checks.put("places", fit.photos());
        checks.put("authors", fit.users());
        checks.put("median_km_of_best_cell", Scores.rounded(fit.cellMedianKm(), 10));
        checks.put("median_km", Scores.rounded(fit.medianKm(), 10));
        checks.put("fitted_on_one_half", check(DecodingFit.of(even).decoding(), odd));
        checks.put("fitted_on_the_other", check(DecodingFit.of(odd).decoding(), even));
        checks.put("unscaled", check(Decoding.NONE, trials));
        figures.put("decoding", checks);
        return fit.decoding();
    }

    private static Map<String, Object> check(Decoding decoding, List<Trial> trials) {
        int rule = DecodingFit.WITHIN_KM.indexOf(decoding.meanWithinKm());
        Map<String, Object> shares = new LinkedHashMap<>();
        shares.put("mean_within_km", decoding.meanWithinKm());
        shares.put("within_radius", share(trials, each -> each.radiiKm()[rule] * decoding.radiusScale(), rule));
        shares.put("within_radius90", share(trials, each -> each.radii90Km()[rule] * decoding.radius90Scale(), rule));
        return shares;
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
