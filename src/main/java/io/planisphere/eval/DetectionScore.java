package io.planisphere.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The mean average precision of detections, as defined by COCO and computed by {@code pycocotools}: precision at 101 recalls,
 * each the best at that recall or a higher one, averaged over labels.
 *
 * @param labels labels in the ground truth, in alphabetical order
 * @param withoutTruth labels that were detected but are not in the ground truth; left out of the mean
 * @param map mean over overlaps from .50 to .95; all values are 0 to 1, and empty if the ground truth has no object
 * @param map50 value at an overlap of .50
 * @param map75 value at an overlap of .75
 */
public record DetectionScore(
        List<OfLabel> labels,
        List<String> withoutTruth,
        OptionalDouble map,
        OptionalDouble map50,
        OptionalDouble map75) {
    private static final int RECALLS = 101;
    private static final int AT_50 = 0;
    private static final int AT_75 = 5;

    public DetectionScore {
        labels = List.copyOf(labels);
        withoutTruth = List.copyOf(withoutTruth);
    }

    /**
     * The score of one label.
     *
     * @param real objects of this label in the ground truth
     * @param found detections of this label, right or wrong
     */
    public record OfLabel(String label, long real, long found, double ap, double ap50, double ap75) {}

    /**
     * Scores photos.
     *
     * @param matched results of {@link DetectionMatch}, photo by photo: of equal scores, the earlier photo's detection comes
     *     first
     */
    public static DetectionScore of(Iterable<DetectionMatch.OfLabel> matched) {
        Map<String, Finds> byLabel = new TreeMap<>();
        for (DetectionMatch.OfLabel each : matched) {
            Finds finds = byLabel.computeIfAbsent(each.label(), label -> new Finds());
            finds.real += each.real();
            finds.found.addAll(each.found());
        }
        List<OfLabel> labels = new ArrayList<>();
        List<String> withoutTruth = new ArrayList<>();
        byLabel.forEach((label, finds) -> {
            if (finds.real == 0) {
                withoutTruth.add(label);
            } else {
                labels.add(finds.score(label));
            }
        });
        return new DetectionScore(
                labels,
                withoutTruth,
                mean(labels, OfLabel::ap),
                mean(labels, OfLabel::ap50),
                mean(labels, OfLabel::ap75));
    }

    private static OptionalDouble mean(List<OfLabel> labels, ToDoubleFunction<OfLabel> figure) {
        return labels.stream().mapToDouble(figure).average();
    }

    private static final class Finds {
        private final List<DetectionMatch.Scored> found = new ArrayList<>();
        private long real;

        OfLabel score(String label) {
            found.sort(Comparator.comparingDouble(DetectionMatch.Scored::score).reversed()); // a stable sort
            double[] precision = new double[DetectionMatch.THRESHOLDS];
            Arrays.setAll(precision, this::averagePrecision);
            return new OfLabel(
                    label,
                    real,
                    found.size(),
                    Arrays.stream(precision).average().orElseThrow(),
                    precision[AT_50],
                    precision[AT_75]);
        }

        private double averagePrecision(int threshold) {
            int n = found.size();
            double[] recall = new double[n];
            double[] precision = new double[n];
            long hits = 0;
            for (int i = 0; i < n; i++) {
                hits += found.get(i).isHit(threshold) ? 1 : 0;
                recall[i] = (double) hits / real;
                precision[i] = (double) hits / (i + 1);
            }
            for (int i = n - 2; i >= 0; i--) {
                precision[i] = Math.max(precision[i], precision[i + 1]);
            }
            double sum = 0;
            int at = 0;
            for (int step = 0; step < RECALLS; step++) {
                double wanted = step == RECALLS - 1 ? 1 : step * 0.01;
                while (at < n && recall[at] < wanted) {
                    at++;
                }
                sum += at < n ? precision[at] : 0;
            }
            return sum / RECALLS;
        }
    }
}
