package io.planisphere.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Scores of binary attributes of photos, as the MobileNet paper reports for face attributes (Howard et al., 2017, table 12).
 *
 * @param attributes scores of the attributes that some photo has
 * @param withoutPositives attributes that no photo has; left out of the mean, because their average precision is undefined
 * @param meanAveragePrecision mean over {@code attributes}, 0 to 1; empty if there are none
 */
public record AttributeScore(
        List<OfAttribute> attributes, List<String> withoutPositives, OptionalDouble meanAveragePrecision) {
    private static final double THRESHOLD = 0.5;

    public AttributeScore {
        attributes = List.copyOf(attributes);
        withoutPositives = List.copyOf(withoutPositives);
    }

    /**
     * The score of one attribute.
     *
     * @param n number of photos
     * @param positives photos that have the attribute
     * @param averagePrecision average precision, 0 to 1 ({@link AveragePrecision})
     * @param accuracy share of correct predictions at a threshold of 0.5
     */
    public record OfAttribute(String name, int n, int positives, double averagePrecision, Estimate accuracy) {}

    /**
     * Predictions and ground truth of one attribute.
     *
     * @param scores scores, 0 to 1; NaN for a photo without a prediction, which ranks last and is wrong
     * @param present whether the photo has the attribute
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Predictions(String name, double[] scores, boolean[] present) {
        public Predictions {
            if (scores.length != present.length || scores.length == 0) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "%s needs as many scores as truths, and one at least; got %d and %d",
                        name,
                        scores.length,
                        present.length));
            }
        }
    }

    /** The score of a group of photos with the same value. */
    public record Group(String name, long photos, AttributeScore score) {}

    /** Scores each attribute. */
    public static AttributeScore of(List<Predictions> attributes) {
        List<OfAttribute> scored = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (Predictions each : attributes) {
            OptionalDouble precision = AveragePrecision.of(withoutPredictionLast(each.scores()), each.present());
            if (precision.isPresent()) {
                scored.add(new OfAttribute(
                        each.name(),
                        each.scores().length,
                        positives(each.present()),
                        precision.getAsDouble(),
                        Wilson.share(right(each), each.scores().length)));
            } else {
                without.add(each.name());
            }
        }
        return new AttributeScore(
                scored,
                without,
                scored.stream().mapToDouble(OfAttribute::averagePrecision).average());
    }

    /** Returns the mean accuracy over {@code attributes}; empty if there are none. */
    public OptionalDouble meanAccuracy() {
        return attributes.stream().mapToDouble(each -> each.accuracy().value()).average();
    }

    private static double[] withoutPredictionLast(double[] scores) {
        double[] ranked = scores.clone();
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = Double.isNaN(ranked[i]) ? Double.NEGATIVE_INFINITY : ranked[i];
        }
        return ranked;
    }

    private static int positives(boolean[] present) {
        int positives = 0;
        for (boolean each : present) {
            positives += each ? 1 : 0;
        }
        return positives;
    }

    private static long right(Predictions predictions) {
        long right = 0;
        for (int i = 0; i < predictions.scores().length; i++) {
            double score = predictions.scores()[i];
            right += !Double.isNaN(score) && score >= THRESHOLD == predictions.present()[i] ? 1 : 0;
        }
        return right;
    }
}
