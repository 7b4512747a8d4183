package io.planisphere.train;

import io.planisphere.geo.LatLng;
import io.planisphere.model.Decoding;
import io.planisphere.vision.CellDistribution;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A {@link Decoding} fitted on held-out photos.
 *
 * <p><b>The distance</b> of the mean is the one with the least mean of ln(1 + error in km), a loss that counts a halved error
 * alike at all scales. It is 0, for the best cell's place alone, unless the gain over that is larger than chance: three
 * standard errors, by user.
 *
 * <p><b>The factors</b> of the radii are split conformal (Lei et al., Distribution-Free Predictive Inference for Regression,
 * arXiv 1604.04173, section 5.2: scores that are errors divided by a spread): the ⌈(n + 1) · share⌉-th smallest ratio of error to
 * radius. If users to come are like the held-out ones, the radius holds at least that share of photos.
 *
 * @param photos number of photos it was fitted on
 * @param users number of users who took them
 * @param cellMedianKm median error of the best cell's place
 * @param medianKm median error of the place under this decoding
 */
public record DecodingFit(Decoding decoding, int photos, int users, double cellMedianKm, double medianKm) {
    /** Candidates for {@link Decoding#meanWithinKm}; the first is the best cell's place alone. */
    public static final List<Double> WITHIN_KM = List.of(0.0, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0);

    /**
     * The places and radii of one photo under each candidate of {@link #WITHIN_KM}.
     *
     * @param user the photographer, as a number
     * @param radiiKm radius that holds half of the probability
     * @param radii90Km radius that holds 90 % of the probability
     */
    @SuppressWarnings("ArrayRecordComponent") // serialised, never compared
    public record Trial(long user, float[] errorsKm, float[] radiiKm, float[] radii90Km) implements Serializable {
        /**
         * Tries each candidate on a photo.
         *
         * @param probabilities probabilities of the cells of {@code cells}
         */
        public static Trial of(long user, LatLng truth, float[] probabilities, CellDistribution cells) {
            int best = CellDistribution.best(probabilities);
            float[] errors = new float[WITHIN_KM.size()];
            float[] radii = new float[errors.length];
            float[] radii90 = new float[errors.length];
            for (int i = 0; i < errors.length; i++) {
                LatLng place = cells.mean(probabilities, best, WITHIN_KM.get(i));
                errors[i] = (float) truth.distanceKm(place);
                radii[i] = (float) cells.radiusKm(probabilities, best, place, 0.5);
                radii90[i] = (float) cells.radiusKm(probabilities, best, place, 0.9);
            }
            return new Trial(user, errors, radii, radii90);
        }
    }

    /** Fits a decoding; {@link Decoding#NONE} if there are fewer than 20 users. */
    public static DecodingFit of(List<Trial> trials) {
        int users = Math.toIntExact(
                trials.stream().mapToLong(Trial::user).distinct().count());
        int best = users < PairedGain.LEAST_USERS ? 0 : candidate(trials);
        Decoding decoding = users < PairedGain.LEAST_USERS ? Decoding.NONE : calibrated(trials, best);
        return new DecodingFit(decoding, trials.size(), users, median(trials, 0), median(trials, best));
    }

    private static int candidate(List<Trial> trials) {
        int best = 0;
        double most = 0;
        for (int candidate = 1; candidate < WITHIN_KM.size(); candidate++) {
            int tried = candidate;
            double gain = PairedGain.beyondChance(
                    trials.stream()
                            .mapToDouble(trial -> PairedGain.of(trial.errorsKm()[0], trial.errorsKm()[tried]))
                            .toArray(),
                    trials.stream().mapToLong(Trial::user).toArray());
            if (gain > most) {
                most = gain;
                best = candidate;
            }
        }
        return best;
    }

    /** Returns the decoding of a candidate with radii that hold their share of these photos. */
    static Decoding calibrated(List<Trial> trials, int candidate) {
        return new Decoding(
                WITHIN_KM.get(candidate),
                factor(trials, 0.5, trial -> trial.errorsKm()[candidate] / trial.radiiKm()[candidate]),
                factor(trials, 0.9, trial -> trial.errorsKm()[candidate] / trial.radii90Km()[candidate]));
    }

    private static double factor(List<Trial> trials, double share, ToDoubleFunction<Trial> errorByRadius) {
        double factor = conformal(trials.stream().mapToDouble(errorByRadius).toArray(), share);
        return factor > 0 ? factor : 1; // all errors 0: no scale makes sense
    }

    /** Returns the ⌈(n + 1) · share⌉-th smallest of n values, the largest if there are fewer; 1 if there are none. */
    static double conformal(double[] values, double share) {
        if (values.length == 0) {
            return 1;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil((sorted.length + 1) * share);
        return sorted[Math.min(rank, sorted.length) - 1];
    }

    private static double median(List<Trial> trials, int candidate) {
        return median(trials.stream()
                .mapToDouble(trial -> trial.errorsKm()[candidate])
                .toArray());
    }

    static double median(double[] values) {
        double[] errors = values.clone();
        Arrays.sort(errors);
        int n = errors.length;
        return n == 0 ? Double.NaN : (errors[(n - 1) / 2] + errors[n / 2]) / 2;
    }
}
