package io.planisphere;

import com.sun.management.OperatingSystemMXBean;
import io.planisphere.infer.Session;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/**
 * Compares the whole job {@code classify} on {@code local[2]} over the same photos, alternating between tars on the local disk,
 * references to a store without latency, and references to a store with latency. For each turn, prints the photos per second,
 * and the milliseconds of CPU per photo used by the job and by the store, because the store runs on the same two cores; then
 * medians and ranges.
 *
 * <p>Arguments: package, folder of photos, photos per turn, milliseconds, repetitions. {@code docs/performance.md} has the
 * command line.
 */
public final class StoreLatency {
    private static final int CORES = 2;
    /** The number of tars, equal to the number of tasks for the references. */
    private static final int TARS = 4 * CORES;

    private final String model;
    private final List<Path> photos;
    private final int count;
    private final Path folder;
    private final Process store;
    private final int port;

    private record Turn(double photosPerSecond, double jobCpuMillis, double storeCpuMillis) {}

    private StoreLatency(String model, Path folderOfPhotos, int count) throws IOException {
        this.model = model;
        this.count = count;
        folder = Files.createTempDirectory("planisphere-latency");
        try (Stream<Path> files = Files.list(folderOfPhotos)) {
            photos = files.sorted().toList();
        }
        store = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowStore.class.getName(),
                        folderOfPhotos.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        port = Integer.parseInt(
                new BufferedReader(new InputStreamReader(store.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    public static void main(String[] args) throws IOException {
        int millis = Integer.parseInt(args[3]);
        StoreLatency latency = new StoreLatency(args[0], Path.of(args[1]), Integer.parseInt(args[2]));
        try {
            latency.compare(millis, Integer.parseInt(args[4]));
        } finally {
            latency.store.destroy();
            FileUtils.deleteDirectory(latency.folder.toFile());
        }
        Session.closeShared();
    }

    private void compare(int millis, int repetitions) throws IOException {
        SparkSession.builder()
                .master("local[" + CORES + "]")
                .config("spark.ui.enabled", false)
                .getOrCreate();
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("tars", tars());
        ways.put("store, 0 ms", manifest(0));
        ways.put("store, " + millis + " ms", manifest(millis));
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        ways.keySet().forEach(way -> turns.put(way, new ArrayList<>()));
        for (int i = 0; i <= repetitions; i++) {
            List<String> order = new ArrayList<>(ways.keySet());
            Collections.rotate(order, i);
            for (String way : order) {
                Turn turn = turn(Objects.requireNonNull(ways.get(way)));
                System.out.printf(
                        Locale.ROOT,
                        "%-14s %7.1f photos/s, CPU per photo: job %.2f ms, store %.2f ms%s%n",
                        way,
                        turn.photosPerSecond,
                        turn.jobCpuMillis,
                        turn.storeCpuMillis,
                        i == 0 ? " (warms up)" : "");
                if (i > 0) {
                    Objects.requireNonNull(turns.get(way)).add(turn);
                }
            }
        }
        List<Turn> local = Objects.requireNonNull(turns.get("tars"));
        turns.forEach((way, all) -> report(way, all, local));
    }

    private static void report(String way, List<Turn> turns, List<Turn> local) {
        List<Double> ratios = new ArrayList<>();
        List<Double> ofItsCpu = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            ratios.add(turns.get(i).photosPerSecond / local.get(i).photosPerSecond);
            ofItsCpu.add(local.get(i).jobCpuMillis / turns.get(i).jobCpuMillis);
        }
        System.out.printf(
                Locale.ROOT,
                "%-14s %s photos/s, of that from tars %s, by the job's CPU alone %s; CPU per photo: job %s ms, store %s ms%n",
                way,
                spread(turns.stream().map(Turn::photosPerSecond).toList(), "%.0f"),
                spread(ratios, "%.3f"),
                spread(ofItsCpu, "%.3f"),
                spread(turns.stream().map(Turn::jobCpuMillis).toList(), "%.2f"),
                spread(turns.stream().map(Turn::storeCpuMillis).toList(), "%.2f"));
    }

    private static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + "–" + format + ")",
                sorted.get(sorted.size() / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }

    private Turn turn(String input) throws IOException {
        Path output = Files.createTempDirectory(folder, "out").resolve("rows");
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long jobCpu = system.getProcessCpuTime();
        Duration storeCpu = storeCpu();
        long start = System.nanoTime();
        int exit = Main.run(
                "classify",
                "--model",
                model,
                "--input",
                input,
                "--output",
                output.toString(),
                "--allow",
                "http://127.0.0.1:" + port);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            throw new IllegalStateException("classify ended with " + exit);
        }
        long ok = SparkSession.active()
                .read()
                .parquet(output.toString())
                .where("status = 'ok'")
                .count();
        if (ok != count) {
            throw new IllegalStateException(ok + " of " + count + " photos were ok");
        }
        return new Turn(
                count / seconds,
                (system.getProcessCpuTime() - jobCpu) / 1e6 / count,
                storeCpu().minus(storeCpu).toNanos() / 1e6 / count);
    }

    private Duration storeCpu() {
        return store.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private String manifest(int millis) throws IOException {
        Path manifest = folder.resolve(millis + ".csv");
        try (BufferedWriter out = Files.newBufferedWriter(manifest)) {
            out.write("id,uri\n");
            for (int i = 0; i < count; i++) {
                out.write(String.format(
                        Locale.ROOT, "%d,http://127.0.0.1:%d/%d/%d/%s%n", i, port, millis, i, photo(i).getFileName()));
            }
        }
        return manifest.toString();
    }

    private String tars() throws IOException {
        Path tars = Files.createDirectory(folder.resolve("tars"));
        for (int tar = 0; tar < TARS; tar++) {
            try (OutputStream file = Files.newOutputStream(tars.resolve(tar + ".tar"));
                    TarArchiveOutputStream out = new TarArchiveOutputStream(file)) {
                for (int i = tar; i < count; i += TARS) {
                    TarArchiveEntry entry = new TarArchiveEntry(String.format(Locale.ROOT, "%06d.jpg", i));
                    entry.setSize(Files.size(photo(i)));
                    out.putArchiveEntry(entry);
                    Files.copy(photo(i), out);
                    out.closeArchiveEntry();
                }
            }
        }
        return tars + "/*.tar";
    }

    private Path photo(int i) {
        return photos.get(i % photos.size());
    }
}
