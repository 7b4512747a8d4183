package io.planisphere;

import io.planisphere.image.Crop;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.Geolocator;
import io.planisphere.vision.Look;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code locate} on {@code local[2]}, from shards to Parquet, against two plain threads that read, decode, prepare,
 * infer and locate the same shards and write nothing; in turns, in one JVM. Prints photos per second of both and their ratio.
 *
 * <p>Arguments: package, directory of tars, repetitions. {@code docs/performance.md} has the command line.
 */
public final class LocateThroughput {
    private static final int CORES = 2;
    private static final int BATCH_SIZE = 4;

    private LocateThroughput() {}

    public static void main(String[] args) throws Exception {
        List<String> shards;
        try (Stream<Path> files = Files.list(Path.of(args[1]))) {
            shards = files.map(Path::toString)
                    .filter(name -> name.endsWith(".tar"))
                    .sorted()
                    .toList();
        }
        SparkSession.builder()
                .master("local[" + CORES + "]")
                .config("spark.ui.enabled", false)
                .getOrCreate();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i <= Integer.parseInt(args[2]); i++) {
            double threads = plainThreads(args[0], shards);
            double job = job(args[0], args[1]);
            if (i > 0) { // the first turn warms up
                ratios.add(job / threads);
                System.out.printf(
                        Locale.ROOT,
                        "two threads %.1f photos/s, job %.1f photos/s, ratio %.3f%n",
                        threads,
                        job,
                        job / threads);
            }
        }
        ratios.sort(Comparator.naturalOrder());
        System.out.printf(
                Locale.ROOT,
                "ratio: median %.3f, from %.3f to %.3f%n",
                ratios.get(ratios.size() / 2),
                ratios.get(0),
                ratios.get(ratios.size() - 1));
        Session.closeShared();
    }

    private static double plainThreads(String location, List<String> shards) throws InterruptedException {
        GeolocationModel model = new GeolocationModel(ModelPackage.open(location, new Configuration()));
        Session session = Session.shared(model.files(), 1);
        Queue<String> left = new ConcurrentLinkedQueue<>(shards);
        AtomicLong photos = new AtomicLong();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CORES; i++) {
            Thread thread = new Thread(() -> {
                for (String shard = left.poll(); shard != null; shard = left.poll()) {
                    photos.addAndGet(located(shard, session, model));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return photos.get() / ((System.nanoTime() - start) / 1e9);
    }

    private static long located(String shard, Session session, GeolocationModel model) {
        Geolocator geolocator = model.newGeolocator(5, OptionalInt.empty());
        long photos = 0;
        try (ShardReader reader = new ShardSource(shard, ShardFormat.WEBDATASET, "")
                        .open(1 << 26, Content.PHOTOS, OptOut.NONE, new Configuration());
                Scorer scorer = new Scorer(
                        reader,
                        session,
                        model.files(),
                        new Look(model.outputs(), Crop.first(1)),
                        ImageLimits.DEFAULT,
                        BATCH_SIZE)) {
            while (scorer.hasNext()) {
                Scored photo = scorer.next();
                if (!photo.views().isEmpty()) {
                    geolocator.locate(photo.views());
                }
                photos++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return photos;
    }

    private static double job(String location, String input) throws IOException {
        Path output = Files.createTempDirectory("planisphere").resolve("rows");
        long start = System.nanoTime();
        int exit = Main.run("locate", "--model", location, "--input", input + "/*.tar", "--output", output.toString());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            throw new IllegalStateException("locate ended with " + exit);
        }
        long photos = SparkSession.active().read().parquet(output.toString()).count();
        return photos / seconds;
    }
}
