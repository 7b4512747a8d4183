package io.planisphere.spark.train;

import io.planisphere.eval.GeoScore;
import io.planisphere.train.Temperatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The scores of heads on the held-out set.
 *
 * @param photos number of held-out photos
 * @param top1 for each head, the share of photos whose most probable class is the true one, among those with a known class; NaN
 *     if there are none
 * @param temperature temperature with the least negative log-likelihood, to 2 %; empty if no photo's finest class is known
 * @param lossAtOne mean negative log-likelihood of the finest classes at temperature 1; NaN without a temperature
 * @param loss mean negative log-likelihood at the temperature
 * @param errorsKm distances from the true place to that of the most probable cell, ascending; empty if classes are not places
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Validation(
        long photos, List<Double> top1, OptionalDouble temperature, double lossAtOne, double loss, double[] errorsKm) {
    public Validation {
        top1 = List.copyOf(top1);
    }

    /** Scores in two passes over the photos: the first finds the temperature to a third of an octave, the second refines it. */
    static Validation of(Dataset<Row> heldOut, HeldOut.Network network) {
        Temperatures coarse = Temperatures.coarse();
        HeldOut.Tally first = HeldOut.score(heldOut, network, coarse);
        List<Double> top1 = new ArrayList<>();
        for (int head = 0; head < first.judged.length; head++) {
            top1.add((double) first.right[head] / first.judged[head]);
        }
        double[] errors = first.errorsKm.stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        long photos = heldOut.count();
        double known = first.likelihoodPhotos();
        if (known == 0) {
            return new Validation(photos, top1, OptionalDouble.empty(), Double.NaN, Double.NaN, errors);
        }
        Temperatures fine = coarse.around(first.negativeLogLikelihoods);
        HeldOut.Tally second = HeldOut.score(heldOut, network, fine);
        double[] losses = second.negativeLogLikelihoods;
        return new Validation(
                photos,
                top1,
                OptionalDouble.of(fine.at(losses)),
                first.negativeLogLikelihoods[coarse.values().indexOf(1.0)] / known,
                Arrays.stream(losses).min().orElseThrow() / known,
                errors);
    }

    /** Returns the median error. */
    public double medianKm() {
        int n = errorsKm.length;
        return n == 0 ? Double.NaN : (errorsKm[(n - 1) / 2] + errorsKm[n / 2]) / 2;
    }

    /** Returns the share of photos within each radius of {@link GeoScore#RADII_KM}. */
    public List<Double> within() {
        return GeoScore.RADII_KM.stream()
                .map(radius ->
                        Arrays.stream(errorsKm).filter(error -> error <= radius).count() / (double) errorsKm.length)
                .toList();
    }
}
