package io.planisphere.eval;

import io.planisphere.vision.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Matches detections in one photo with ground-truth objects, separately for each label: in order of descending score, each
 * detection is matched with the free object that it overlaps most, if the overlap reaches the threshold (COCO, Lin et al., ECCV
 * 2014; as in {@code pycocotools}, without crowds, for all sizes, the best 100 per label).
 */
public final class DetectionMatch {
    /** Number of overlap thresholds for a match. */
    static final int THRESHOLDS = 10;

    private static final int MOST_FOUND = 100;
    private static final double ALMOST_ONE = 1 - 1e-10;

    private DetectionMatch() {}

    /** A ground-truth object. */
    public record Real(String label, Box box) {}

    /** A detection; a higher score means more confident. */
    public record Found(String label, double score, Box box) {
        public Found {
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("The score of a %s is not a number".formatted(label));
            }
        }
    }

    /**
     * The matches of one label in a photo.
     *
     * @param real number of ground-truth objects
     * @param found detections, highest score first
     */
    public record OfLabel(String label, int real, List<Scored> found) {
        public OfLabel {
            found = List.copyOf(found);
        }
    }

    /**
     * A detection with its matches.
     *
     * @param hits bit i is set if it matches an object at threshold i
     */
    public record Scored(double score, int hits) {
        boolean isHit(int threshold) {
            return (hits >>> threshold & 1) == 1;
        }
    }

    /** Returns the overlap threshold: 0.5, 0.55 and so on to 0.95. */
    static double overlap(int threshold) {
        // the floating-point steps of NumPy's linspace, so that a box exactly at a threshold is treated alike
        return threshold == THRESHOLDS - 1 ? 0.95 : threshold * ((0.95 - 0.5) / (THRESHOLDS - 1)) + 0.5;
    }

    /** Matches one photo; returns an entry for each label in the ground truth or the detections. */
    public static List<OfLabel> of(List<Real> real, List<Found> found) {
        Map<String, List<Real>> realByLabel = real.stream().collect(Collectors.groupingBy(Real::label));
        Map<String, List<Found>> byLabel =
                found.stream().collect(Collectors.groupingBy(Found::label, TreeMap::new, Collectors.toList()));
        realByLabel.keySet().forEach(label -> byLabel.putIfAbsent(label, List.of()));
        List<OfLabel> matched = new ArrayList<>();
        byLabel.forEach((label, finds) -> {
            List<Real> there = realByLabel.getOrDefault(label, List.of());
            matched.add(new OfLabel(label, there.size(), scored(there, finds)));
        });
        return matched;
    }

    private static List<Scored> scored(List<Real> real, List<Found> found) {
        List<Found> ranked = found.stream()
                .sorted(Comparator.comparingDouble(Found::score).reversed()) // a stable sort
                .limit(MOST_FOUND)
                .toList();
        double[][] overlaps = ranked.stream()
                .map(find -> real.stream()
                        .mapToDouble(each -> find.box().iou(each.box()))
                        .toArray())
                .toArray(double[][]::new);
        int[] hits = new int[ranked.size()];
        for (int threshold = 0; threshold < THRESHOLDS; threshold++) {
            boolean[] taken = new boolean[real.size()];
            for (int i = 0; i < hits.length; i++) {
                int best = best(overlaps[i], taken, Math.min(overlap(threshold), ALMOST_ONE));
                if (best >= 0) {
                    taken[best] = true;
                    hits[i] |= 1 << threshold;
                }
            }
        }
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < hits.length; i++) {
            scored.add(new Scored(ranked.get(i).score(), hits[i]));
        }
        return scored;
    }

    private static int best(double[] overlaps, boolean[] taken, double atLeast) {
        int best = -1;
        double most = atLeast;
        for (int i = 0; i < overlaps.length; i++) {
            if (!taken[i] && overlaps[i] >= most) { // the last of equal ones, as in pycocotools
                most = overlaps[i];
                best = i;
            }
        }
        return best;
    }
}
