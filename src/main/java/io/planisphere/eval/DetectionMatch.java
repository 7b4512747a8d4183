package io.planisphere.eval;

import io.planisphere.vision.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Objects found in one photo held against those that are there, for each label by itself: the highest-scoring first, each takes the free
 * object that it overlaps most, if it does so by the threshold (COCO, Lin et al., ECCV 2014; as {@code pycocotools}, without
 * crowds, for all sizes, the best 100 per label).
 */
public final class DetectionMatch {
    /** Overlaps from which a box counts as found. */
    static final int THRESHOLDS = 10;

    private static final int MOST_FOUND = 100;
    private static final double ALMOST_ONE = 1 - 1e-10;

    private DetectionMatch() {}

    /** An object that is there. */
    public record Real(String label, Box box) {}

    /** An object that was found; the greater the score, the surer. */
    public record Found(String label, double score, Box box) {
        public Found {
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("The score of a %s is not a number".formatted(label));
            }
        }
    }

    /**
     * All that a photo says about a label.
     *
     * @param real objects that are there
     * @param found what was found, the highest-scoring first
     */
    public record OfLabel(String label, int real, List<Scored> found) {
        public OfLabel {
            found = List.copyOf(found);
        }
    }

    /**
     * A find.
     *
     * @param hits bit i is set if it met an object at threshold i
     */
    public record Scored(double score, int hits) {
        boolean isHit(int threshold) {
            return (hits >>> threshold & 1) == 1;
        }
    }

    /** The overlap asked for: 0.5, 0.55 and so on to 0.95. */
    static double overlap(int threshold) {
        // the floating-point steps of NumPy's linspace, so that a box right on a threshold falls on the same side
        return threshold == THRESHOLDS - 1 ? 0.95 : threshold * ((0.95 - 0.5) / (THRESHOLDS - 1)) + 0.5;
    }

    /** Matches one photo: an entry for each label that is there or was found. */
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
                .sorted(Comparator.comparingDouble(Found::score).reversed()) // stable
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
            if (!taken[i] && overlaps[i] >= most) { // of equal ones the last, as pycocotools
                most = overlaps[i];
                best = i;
            }
        }
        return best;
    }
}
