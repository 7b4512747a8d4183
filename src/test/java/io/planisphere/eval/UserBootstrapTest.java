package io.planisphere.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserBootstrapTest {
    /** Five users have 5⁵ resamples: all of them are generated, and the quantiles are read from the list. */
    @Test
    void intervalsOfFewUsersMatchAllPossibleResamples() {
        double[] errors = {0.5, 7, 30, 30, 180, 400, 900, 2000, 2600, 9000, 12000, 3, 26};
        int[] users = {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4};
        for (int most = 2; most <= 5; most++) {
            int count = most;
            int[] photos = IntStream.range(0, users.length)
                    .filter(i -> users[i] < count)
                    .toArray();
            double[] some = Select.from(errors, photos);
            int[] theirs = Select.from(users, photos);
            double[][] all = allResamples(some, theirs, most);

            GeoScore score = GeoScore.of(some, theirs);

            assertInterval(score.medianKm(), all[0]);
            assertInterval(score.meanKm(), all[1]);
            for (int radius = 0; radius < score.within().size(); radius++) {
                assertInterval(score.within().get(radius).share(), all[2 + radius]);
            }
        }
    }

    @Test
    void figuresOfAResampleEqualThoseOfItsExpandedPhotos() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(60);
            int users = 1 + random.nextInt(12);
            double[] errors = random.doubles(count)
                    .map(u -> u < 0.1 ? Double.POSITIVE_INFINITY : Math.rint(Math.pow(10, 5 * u)))
                    .toArray();
            int[] theirs = Users.numbered(random.ints(count, 0, users).toArray());
            int[] draws = new int[Users.count(theirs)];
            for (int i = 0; i < draws.length; i++) {
                draws[random.nextInt(draws.length)]++;
            }

            assertThat(new PhotoErrors(errors, theirs).figures(draws))
                    .usingComparatorWithPrecision(1e-9)
                    .containsExactly(writtenOut(errors, theirs, draws));
        }
    }

    /**
     * 40 users with 25 photos each; half of the users are right on 9 photos in 10, the others on 1. An interval should contain
     * the true share, a half, in 95 of 100 such samples.
     */
    @Test
    void intervalsByUserHaveTheirNominalCoverageUnlikeThoseByPhoto() {
        SplittableRandom random = new SplittableRandom(7);
        int[] byUser = IntStream.range(0, 1000).map(photo -> photo / 25).toArray();
        int[] byPhoto = IntStream.range(0, 1000).toArray();
        int worlds = 200;
        int heldByUser = 0;
        int heldByPhoto = 0;
        for (int world = 0; world < worlds; world++) {
            double[] errors = new double[1000];
            for (int user = 0; user < 40; user++) {
                double right = random.nextBoolean() ? 0.9 : 0.1;
                for (int photo = 25 * user; photo < 25 * user + 25; photo++) {
                    errors[photo] = random.nextDouble() < right ? 10 : 5000;
                }
            }
            heldByUser += holds(GeoScore.of(errors, byUser), 0.5);
            heldByPhoto += holds(GeoScore.of(errors, byPhoto), 0.5);
        }

        assertThat(heldByUser).isBetween(180, 197);
        assertThat(heldByPhoto).isLessThan(110);
    }

    @Test
    void copiesOfAPhotoByItsUserDoNotNarrowTheInterval() {
        int copies = 1000;
        int[] users = IntStream.range(0, 30 * copies).map(i -> i / copies).toArray();
        double[] errors =
                Arrays.stream(users).mapToDouble(user -> user < 12 ? 10 : 5000).toArray();
        double[] once = IntStream.range(0, 30)
                .mapToDouble(user -> user < 12 ? 10 : 5000)
                .toArray();

        assertThat(GeoScore.of(errors, users).within())
                .isEqualTo(GeoScore.of(once, IntStream.range(0, 30).toArray()).within());
    }

    private static int holds(GeoScore score, double truth) {
        Estimate share = score.within().get(1).share();
        return share.low() <= truth && truth <= share.high() ? 1 : 0;
    }

    /** Checks that each end lies between the quantiles slightly to either side: the error of a thousand resamples. */
    private static void assertInterval(Estimate estimate, double[] all) {
        Arrays.sort(all);
        assertThat(estimate.low()).isBetween(quantile(all, 0.012), quantile(all, 0.04));
        assertThat(estimate.high()).isBetween(quantile(all, 0.96), quantile(all, 0.988));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** Returns the figures of all resamples, by figure, then by resample. */
    private static double[][] allResamples(double[] errors, int[] users, int count) {
        int resamples = (int) Math.pow(count, count);
        double[][] all = new double[7][resamples];
        for (int resample = 0; resample < resamples; resample++) {
            int[] draws = new int[count];
            for (int draw = 0, rest = resample; draw < count; draw++, rest /= count) {
                draws[rest % count]++;
            }
            double[] figures = writtenOut(errors, users, draws);
            for (int figure = 0; figure < figures.length; figure++) {
                all[figure][resample] = figures[figure];
            }
        }
        return all;
    }

    private static double[] writtenOut(double[] errors, int[] users, int[] draws) {
        List<Double> list = new ArrayList<>();
        for (int i = 0; i < errors.length; i++) {
            for (int times = 0; times < draws[users[i]]; times++) {
                list.add(errors[i]);
            }
        }
        double[] sorted =
                list.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double[] figures = new double[7];
        figures[0] = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        figures[1] = Arrays.stream(sorted).average().orElseThrow();
        for (int i = 0; i < 5; i++) {
            double radius = new double[] {1, 25, 200, 750, 2500}[i];
            figures[2 + i] =
                    Arrays.stream(sorted).filter(each -> each <= radius).count() / (double) sorted.length;
        }
        return figures;
    }
}
