package io.planisphere.benchmark;

import io.planisphere.gallery.Exclusion;
import io.planisphere.gallery.Found;
import io.planisphere.gallery.GalleryEntry;
import io.planisphere.gallery.GallerySearch;
import io.planisphere.gallery.GalleryWriter;
import io.planisphere.gallery.PhotoGallery;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a photo's search in a gallery of a million photos, in microseconds, beside its inference by {@code
 * builtin:mobilenet-v2}, whose embeddings the gallery is as wide as. A photo's likely cells, by Zipf's law over all of them, hold
 * 90 % of its probability in thousands of cells: the search ends at its limit of 32 cells, or at 10,000 photos.
 *
 * <pre>mvn -B -q -Pjmh test-compile exec:exec -Djmh.args=GalleryBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GalleryBenchmark {
    private static final int PHOTOS = 1_000_000;
    private static final int WIDTH = 1280;
    private static final int QUERIES = 1000;
    private static final int BATCH = 4;

    /** Photos per cell: 100 gives 10,000 cells, 5,000 gives 200. */
    @Param({"100", "5000"})
    private int perCell;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<float[]> queries = new ArrayList<>();
    private final List<float[]> probabilities = new ArrayList<>();
    private Path file = Path.of("");
    private Optional<GallerySearch> search = Optional.empty();
    private Optional<Session> session = Optional.empty();
    private Optional<Inference> inference = Optional.empty();
    private int next;

    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("gallery", ".bin");
        int[] photos = new int[PHOTOS / perCell];
        Arrays.fill(photos, perCell);
        try (GalleryWriter writer = new GalleryWriter(
                new BufferedOutputStream(Files.newOutputStream(file), 1 << 20),
                "00".repeat(32),
                new float[WIDTH],
                photos,
                false)) {
            for (int cell = 0; cell < photos.length; cell++) {
                List<GalleryEntry> entries = new ArrayList<>();
                for (int i = 0; i < perCell; i++) {
                    entries.add(new GalleryEntry(vector(), 0, 0, 0, 0, 0, ""));
                }
                writer.cell(entries);
            }
        }
        search = Optional.of(new GallerySearch(PhotoGallery.open(file), 0.9, 16, Exclusion.NONE));
        for (int i = 0; i < QUERIES; i++) {
            queries.add(vector());
            float[] likely = new float[photos.length];
            int first = random.nextInt(photos.length);
            double sum = 0;
            for (int cell = 0; cell < likely.length; cell++) {
                sum += 1.0 / (cell + 1);
            }
            for (int cell = 0; cell < likely.length; cell++) {
                likely[(first + cell) % likely.length] = (float) (1.0 / (cell + 1) / sum);
            }
            probabilities.add(likely);
        }
        ModelPackage model = ModelPackage.open("builtin:mobilenet-v2", new Configuration());
        Session opened = Session.open(model, 1);
        session = Optional.of(opened);
        inference = Optional.of(
                opened.newInference(List.of(model.embedding().orElseThrow().output()), BATCH, BATCH));
    }

    @TearDown
    public void delete() throws IOException {
        inference.orElseThrow().close();
        session.orElseThrow().close();
        Files.delete(file);
    }

    private float[] vector() {
        float[] vector = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            vector[i] = random.nextInt(-1000, 1000);
        }
        return vector;
    }

    @Benchmark
    public Found gallerySearch() {
        next = (next + 1) % QUERIES;
        return search.orElseThrow().search(queries.get(next), probabilities.get(next));
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Inferred> mobileNetV2() {
        return inference.orElseThrow().run(BATCH);
    }
}
