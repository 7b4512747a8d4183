package io.planisphere.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GallerySearchTest {
    private static final int WIDTH = 70; // two words of a code, the second in part
    private static final int[] CELLS = {300, 0, 200, 1};
    private static final String BACKBONE = "ab".repeat(32);

    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(8);
    private final float[] mean = mean();
    private final List<GalleryEntry> photos = new ArrayList<>();

    @Test
    void theNearestAreThoseOfAnExactSearch() throws IOException {
        PhotoGallery gallery = gallery(true);
        GallerySearch search = new GallerySearch(gallery, 1, 8, Exclusion.NONE);
        int same = 0;
        for (int i = 0; i < 50; i++) {
            // a photo near one of the gallery's, as photos of one sight are
            float[] query = photos.get(i * 10).embedding().clone();
            for (int j = 0; j < WIDTH; j++) {
                query[j] += (float) (0.5 * random.nextGaussian());
            }
            int[] exact = exact(query);

            Found found = search.search(query, new float[] {0.4f, 0.3f, 0.2f, 0.1f});

            assertThat(found.entries()[0]).isEqualTo(i * 10).isEqualTo(exact[0]);
            assertThat((double) found.similarities()[0])
                    .isCloseTo(cosine(query, photos.get(i * 10).embedding()), within(0.01));
            assertThat(found.latitudes()[0])
                    .isEqualTo((float) photos.get(i * 10).latitude());
            assertThat(gallery.name(found.entries()[0])).contains("photo" + i * 10);
            same += (int) Arrays.stream(found.entries())
                    .filter(entry -> Arrays.stream(exact).limit(8).anyMatch(each -> each == entry))
                    .count();
        }
        // the first bits of random directions lose some of the further neighbours, which hardly differ
        assertThat(same).isGreaterThan(50 * 8 / 2);
    }

    @Test
    void onlyLikelyCellsAreSearched() throws IOException {
        GallerySearch search = new GallerySearch(gallery(false), 0.9, 4, Exclusion.NONE);
        float[] ofThirdCell = photos.get(310).embedding();

        assertThat(Arrays.stream(search.search(ofThirdCell, new float[] {0.95f, 0, 0.05f, 0})
                        .entries()))
                .allMatch(entry -> entry < 300);
        assertThat(search.search(ofThirdCell, new float[] {0.5f, 0, 0.5f, 0}).entries()[0])
                .isEqualTo(310);
        assertThat(search.search(ofThirdCell, new float[] {0, 1, 0, 0}).size()).isZero();
    }

    @Test
    void excludedPhotosAreNotCompared() throws IOException {
        PhotoGallery gallery = gallery(false);
        float[] query = photos.get(7).embedding();
        float[] likely = {1, 0, 0, 0};

        for (long listed : new long[] {1007, 2007, 3007}) { // by user, by photo, by key in a shard
            Exclusion exclusion = new Exclusion("list" + listed, hash -> hash == listed);
            assertThat(new GallerySearch(gallery, 1, 4, exclusion)
                            .search(query, likely)
                            .entries())
                    .hasSize(4)
                    .doesNotContain(7);
        }
        assertThat(new GallerySearch(gallery, 1, 4, Exclusion.NONE)
                        .search(query, likely)
                        .entries()[0])
                .isEqualTo(7);
        assertThat(gallery.name(7)).isEmpty();
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        gallery(true);
        byte[] whole = Files.readAllBytes(folder.resolve("gallery.bin"));

        for (int bytes : new int[] {0, 10, 60, 400, whole.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.bin"), Arrays.copyOf(whole, bytes));
            assertThatThrownBy(() -> PhotoGallery.open(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("is cut short or damaged; copy it again");
        }
        Path other = Files.write(folder.resolve("other.bin"), new byte[1000]);
        assertThatThrownBy(() -> PhotoGallery.open(other)).hasMessage("is no gallery; make one with train --gallery");
        assertThatThrownBy(
                        () -> new GallerySearch(PhotoGallery.open(folder.resolve("gallery.bin")), 1, 4, Exclusion.NONE)
                                .search(new float[3], new float[] {1, 0, 0, 0}))
                .hasMessage("The embedding has 3 values, the gallery's have 70");
    }

    private PhotoGallery gallery(boolean names) throws IOException {
        Path file = folder.resolve("gallery.bin");
        photos.clear();
        try (GalleryWriter writer = new GalleryWriter(Files.newOutputStream(file), BACKBONE, mean, CELLS, names)) {
            for (int count : CELLS) {
                int first = photos.size();
                for (int i = first; i < first + count; i++) {
                    photos.add(
                            new GalleryEntry(vector(), i / 10.0, -i / 10.0, 1000 + i, 2000 + i, 3000 + i, "photo" + i));
                }
                writer.cell(photos.subList(first, first + count));
            }
        }
        PhotoGallery gallery = PhotoGallery.open(file);
        assertThat(gallery.photos()).isEqualTo(501);
        assertThat(gallery.cells()).isEqualTo(4);
        assertThat(gallery.backbone()).isEqualTo(BACKBONE);
        assertThat(gallery.hasNames()).isEqualTo(names);
        return gallery;
    }

    private int[] exact(float[] query) {
        return IntStream.range(0, photos.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> -cosine(query, photos.get(i).embedding())))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < WIDTH; i++) {
            double x = a[i] - mean[i];
            double y = b[i] - mean[i];
            dot += x * y;
            squaresOfA += x * x;
            squaresOfB += y * y;
        }
        return dot / Math.sqrt(squaresOfA * squaresOfB);
    }

    /** Returns normal values around {@link #mean}. */
    private float[] vector() {
        float[] vector = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            vector[i] = (float) (random.nextGaussian() + mean[i]);
        }
        return vector;
    }

    /** Returns means that are far from 0, as those of values after a rectifier. */
    private static float[] mean() {
        float[] mean = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            mean[i] = 3 + i;
        }
        return mean;
    }
}
