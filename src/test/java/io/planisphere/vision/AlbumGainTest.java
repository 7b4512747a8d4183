package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.vision.AlbumSmoother.Photo;
import io.planisphere.vision.AlbumSmoother.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Measures the gain from albums on data with known ground truth: a network that finds the cell of one photo in 4, like PlaNet
 * within 25 km, and assigns the others to random cells. docs/albums.md has the figures.
 */
class AlbumGainTest {
    private static final int CELLS = 1000;
    private static final int ALBUMS = 1000;
    private static final int PHOTOS = 8;
    private static final int TOP_K = 5;
    private static final long HOUR = 3600;

    private final SplittableRandom random = new SplittableRandom(2016);
    private final Partition world = world();
    private final AlbumSmoother smoother = new AlbumSmoother(world);

    private record Figures(String albums, double medianKm, double within25, double within200, double within2500) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-34s %7.0f km %6.1f %% %6.1f %% %6.1f %%",
                    albums,
                    medianKm,
                    100 * within25,
                    100 * within200,
                    100 * within2500);
        }
    }

    @Test
    void photosOfOnePlaceGainFromAlbums() {
        Figures[] stay = figures("a day in one city", (home, i) -> home);
        Figures[] journey = figures("half of it in another one", (home, i) -> 2 * i < PHOTOS ? home : CELLS - 1 - home);
        Figures[] apart = figures("every photo anywhere", (home, i) -> random.nextInt(CELLS));
        System.out.printf(Locale.ROOT, "%-34s %10s %8s %8s %8s%n", "", "median", "25 km", "200 km", "2500 km");
        Stream.of(stay, journey, apart).flatMap(Arrays::stream).forEach(System.out::println);

        assertThat(stay[0].within25()).isBetween(0.2, 0.3);
        assertThat(stay[1].within25()).isGreaterThan(0.8);
        assertThat(journey[1].within25()).isGreaterThan(0.45);
        // if every photo is at a different place, what photos share by chance is misleading
        assertThat(apart[1].within25()).isLessThan(apart[0].within25());
    }

    /**
     * Returns the figures without albums, then with albums; the ground truth is a function of the label of the album's home and
     * the photo's number.
     */
    private Figures[] figures(String what, IntBinaryOperator truthOf) {
        List<Double> alone = new ArrayList<>();
        List<Double> inAlbums = new ArrayList<>();
        for (int album = 0; album < ALBUMS; album++) {
            int home = random.nextInt(CELLS);
            List<Cell> truth = new ArrayList<>();
            List<Photo> photos = new ArrayList<>();
            for (int i = 0; i < PHOTOS; i++) {
                Cell cell = world.cells().get(truthOf.applyAsInt(home, i));
                truth.add(cell);
                photos.add(new Photo(3L * i * HOUR, votes(cell)));
            }
            List<AlbumSmoother.Prediction> predictions = smoother.smooth(photos);
            for (int i = 0; i < PHOTOS; i++) {
                LatLng place = truth.get(i).mean();
                inAlbums.add(place.distanceKm(predictions.get(i).cell().mean()));
                alone.add(place.distanceKm(best(photos.get(i)).mean()));
            }
        }
        return new Figures[] {figures(what + ", alone", alone), figures(what + ", albums", inAlbums)};
    }

    private Cell best(Photo photo) {
        Vote best = photo.cells().get(0);
        return world.cells().stream()
                .filter(cell -> cell.token().equals(best.token()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the softmax of noise plus a signal for the true cell that makes it the best in 1 of 4. */
    private List<Vote> votes(Cell truth) {
        double[] logits = new double[CELLS];
        for (int i = 0; i < CELLS; i++) {
            logits[i] = 1.5 * gaussian();
        }
        logits[truth.label()] += 3.8;
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return IntStream.range(0, CELLS)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -logits[i]))
                .limit(TOP_K)
                .map(i -> new Vote(world.cells().get(i).token(), (float) (Math.exp(logits[i]) / sum)))
                .toList();
    }

    private static Figures figures(String what, List<Double> errorsKm) {
        double[] sorted =
                errorsKm.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Figures(
                what, sorted[sorted.length / 2], within(sorted, 25), within(sorted, 200), within(sorted, 2500));
    }

    private static double within(double[] errorsKm, double km) {
        return Arrays.stream(errorsKm).filter(error -> error <= km).count() / (double) errorsKm.length;
    }

    /** Returns cities spread over the sphere, in cells of level 8. */
    private Partition world() {
        List<Cell> cells = new ArrayList<>();
        while (cells.size() < CELLS) {
            LatLng place =
                    new LatLng(Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)), 360 * random.nextDouble() - 180);
            boolean taken = cells.stream()
                    .anyMatch(cell -> cell.id().equals(place.leaf().parent(8)));
            if (!taken) {
                cells.add(new Cell(cells.size(), place.leaf().parent(8), 50 + random.nextInt(1000), place));
            }
        }
        return new Partition(cells);
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
