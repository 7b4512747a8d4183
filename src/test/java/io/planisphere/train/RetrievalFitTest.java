package io.planisphere.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.gallery.Found;
import io.planisphere.model.Decoding;
import io.planisphere.train.DecodingFit.Trial;
import io.planisphere.train.RetrievalFit.Lookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetrievalFitTest {
    private static final String BACKBONE = "ab".repeat(32);
    private final SplittableRandom random = new SplittableRandom(3);

    /** Of 1,000 photos 600 have a similar neighbour within a kilometre; the others' neighbours are dissimilar and far. */
    @Test
    void neighboursThatKnowThePlaceAreAsked() {
        List<Lookup> lookups = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            boolean known = i % 5 < 3;
            lookups.add(lookup(
                    i / 2, known ? 0.8 + 0.2 * random.nextDouble() : 0.5 * random.nextDouble(), known ? 0.005 : 20));
        }

        RetrievalFit fit = RetrievalFit.of(lookups, Decoding.NONE, BACKBONE).orElseThrow();

        assertThat(fit.placedShare()).isCloseTo(0.6, within(0.01));
        assertThat(fit.retrieval().minSimilarity()).isBetween(0.4, 0.85);
        assertThat(fit.cellsMedianKm()).isBetween(90.0, 110.0);
        assertThat(fit.medianKm()).isLessThan(1);
        // half of the placed photos are within 0.56 km (0.005 degrees), all are the same
        assertThat(fit.retrieval().radiusKm()).isCloseTo(0.556, within(0.01));
        assertThat(fit.retrieval().radius90Km()).isCloseTo(0.556, within(0.01));
        assertThat(fit.retrieval().backbone()).isEqualTo(BACKBONE);
    }

    @Test
    void neighboursThatMisleadAreNot() {
        List<Lookup> lookups = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            lookups.add(lookup(i / 2, random.nextDouble(), 1 + 3 * random.nextDouble()));
        }

        assertThat(RetrievalFit.of(lookups, Decoding.NONE, BACKBONE)).isEmpty();
        assertThat(RetrievalFit.of(List.of(), Decoding.NONE, BACKBONE)).isEmpty();
    }

    /** Returns a photo at 0° N 0° E that the cells miss by some 100 km, and 16 neighbours some degrees north. */
    private Lookup lookup(long user, double similarity, double degrees) {
        int candidates = DecodingFit.WITHIN_KM.size();
        float[] errors = new float[candidates];
        Arrays.fill(errors, (float) (80 + 40 * random.nextDouble()));
        float[] radii = new float[candidates];
        Arrays.fill(radii, 100);
        float[] similarities = new float[16];
        float[] latitudes = new float[16];
        for (int i = 0; i < 16; i++) {
            similarities[i] = (float) (similarity - 0.001 * i);
            latitudes[i] = (float) degrees;
        }
        return new Lookup(
                new Trial(user, errors, radii, radii),
                0,
                0,
                new Found(similarities, latitudes, new float[16], new int[16]));
    }
}
