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
 * How heads do on photos held out.
 *
 * @param photos held out
 * @param top1 for each head, the share of photos whose likeliest class is the true one, of those whose class it knows; NaN if
 *     it knows none
 * @param temperature with the least negative log-likelihood, to 2 %; empty if no photo's finest class is known
 * @param lossAtOne mean negative log-likelihood of the finest classes at temperature 1; NaN without temperature
 * @param loss the same at the temperature
 * @param errorsKm from the true place to that of the likeliest cell, ascending; empty if classes are no places
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Validation(
        long photos, List<Double> top1, OptionalDouble temperature, double lossAtOne, double loss, double[] errorsKm) {
    public Validation {
        top1 = List.copyOf(top1);
    }

    /** Two passes over the photos: one finds the octave third of the temperature, one the temperature. */
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

    /** The median error. */
    public double medianKm() {
        int n = errorsKm.length;
        return n == 0 ? Double.NaN : (errorsKm[(n - 1) / 2] + errorsKm[n / 2]) / 2;
    }

    /** Share of photos within each radius of {@link GeoScore#RADII_KM}. */
    public List<Double> within() {
        return GeoScore.RADII_KM.stream()
                .map(radius ->
                        Arrays.stream(errorsKm).filter(error -> error <= radius).count() / (double) errorsKm.length)
                .toList();
    }
}
