package io.planisphere.eval;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Top-1 and top-5 accuracy as in the ImageNet challenge (Russakovsky et al., IJCV 2015, section 4.1). Intervals are Wilson's.
 *
 * @param n number of photos; one without a prediction counts as wrong
 * @param withoutPrediction photos without a prediction
 * @param top1 share of photos, 0 to 1
 * @param top5 share of photos, 0 to 1
 * @param labels scores by true label, most frequent first
 */
public record LabelScore(long n, long withoutPrediction, Estimate top1, Estimate top5, List<OfLabel> labels) {
    private static final int FEW = 5;

    public LabelScore {
        labels = List.copyOf(labels);
    }

    /** The photos with one true label: their number and accuracy (recall of the class). */
    public record OfLabel(String label, long n, Estimate top1, Estimate top5) {}

    /**
     * The number of photos with the same true label whose predictions had it at the same rank.
     *
     * @param rank rank from 1; 0 if it was not predicted, −1 if there was no prediction
     */
    public record Tally(String label, int rank, long photos) {
        public Tally {
            if (rank < -1 || photos < 1) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "A tally needs photos and a rank of -1 or more, got %d at %d", photos, rank));
            }
        }

        /**
         * Returns the tally of one photo.
         *
         * @param ranked predicted labels, best first
         */
        public static Tally of(String label, List<String> ranked) {
            return new Tally(label, ranked.isEmpty() ? -1 : ranked.indexOf(label) + 1, 1);
        }
    }

    /**
     * Scores photos.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static LabelScore of(Collection<Tally> tallies) {
        Map<String, Count> counts = new TreeMap<>();
        Count all = new Count();
        for (Tally tally : tallies) {
            all.add(tally);
            counts.computeIfAbsent(tally.label(), label -> new Count()).add(tally);
        }
        if (all.photos == 0) {
            throw new IllegalArgumentException("There must be at least one photo to score");
        }
        return new LabelScore(
                all.photos,
                all.withoutPrediction,
                Wilson.share(all.first, all.photos),
                Wilson.share(all.amongFew, all.photos),
                counts.entrySet().stream()
                        .map(each -> each.getValue().ofLabel(each.getKey()))
                        .sorted(Comparator.comparingLong(OfLabel::n).reversed()) // a stable sort, so then by label
                        .toList());
    }

    private static final class Count {
        private long photos;
        private long withoutPrediction;
        private long first;
        private long amongFew;

        void add(Tally tally) {
            photos += tally.photos();
            withoutPrediction += tally.rank() < 0 ? tally.photos() : 0;
            first += tally.rank() == 1 ? tally.photos() : 0;
            amongFew += tally.rank() >= 1 && tally.rank() <= FEW ? tally.photos() : 0;
        }

        OfLabel ofLabel(String label) {
            return new OfLabel(label, photos, Wilson.share(first, photos), Wilson.share(amongFew, photos));
        }
    }
}
