package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.BrokenImages;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares a job over 20,000 photos, nine broken ones followed by a valid one throughout, with a job over as many valid photos;
 * each runs in its own JVM. Takes minutes: {@code mvn -Pfuzz test -Dtest=BrokenCollection}.
 */
class BrokenCollection {
    private static final int BROKEN = 20_000;
    private static final int SHARDS = 20;
    private static final int EVERY = 10;
    private static final List<BrokenImages.Kind> KINDS = BrokenImages.all();
    private static final byte[] SOUND = BrokenImages.sound();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void brokenPhotosGetTheirStatusAndNeedNoMoreMemoryThanValidOnes() throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        int photos = BROKEN + BROKEN / (EVERY - 1);
        Map<String, Long> expected = writeShards("broken", photos, true);
        writeShards("clean", photos, false);

        long clean = peakOfJob("clean", model);
        long broken = peakOfJob("broken", model);
        System.out.printf(Locale.ROOT, "%,d photos: %,d MB clean, %,d MB broken%n", photos, clean >> 10, broken >> 10);
        System.out.println(perStatus("broken"));

        assertThat(perKind("clean")).isEqualTo(Map.of("sound ok", (long) photos));
        assertThat(perKind("broken")).isEqualTo(expected);
        assertThat(broken).as("peak kB, clean %d", clean).isLessThanOrEqualTo(clean * 11 / 10 + 50 * 1024);
    }

    /** Writes the shards and returns the number of photos by kind and expected status. */
    private Map<String, Long> writeShards(String name, int photos, boolean isBroken) throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        Files.createDirectories(folder.resolve(name));
        int written = 0;
        int kind = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            Tars tar = new Tars();
            for (int end = (int) ((long) photos * (shard + 1) / SHARDS); written < end; written++) {
                if (isBroken && written % EVERY != EVERY - 1) {
                    BrokenImages.Kind broken = KINDS.get(kind);
                    tar.with(written + "-kind" + kind + ".jpg", broken.bytes());
                    expected.merge("kind" + kind + " " + broken.status().code(), 1L, Long::sum);
                    kind = (kind + 1) % KINDS.size();
                } else {
                    tar.with(written + "-sound.jpg", SOUND);
                    expected.merge("sound ok", 1L, Long::sum);
                }
            }
            Files.write(folder.resolve(name).resolve(shard + ".tar"), tar.bytes());
        }
        return expected;
    }

    /** Runs the job and returns the peak memory of its process, in kB. */
    private long peakOfJob(String name, Path model) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add") || option.startsWith("-Djdk"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.planisphere.Main", "locate"));
        command.addAll(List.of("--model", model.toString(), "--shards-per-batch", "5"));
        command.addAll(List.of("--input", folder.resolve(name) + "/*.tar", "--output", output(name)));
        Path log = folder.resolve(name + ".log");
        Process job = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long peak = 0;
        while (!job.waitFor(100, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peak(job));
        }
        assertThat(job.exitValue()).as(Files.readString(log)).isZero();
        assertThat(peak).isPositive();
        return peak;
    }

    private static long peak(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:")) // a process that has just ended has no such line
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private String output(String name) {
        return folder.resolve(name + "-rows").toString();
    }

    private Map<String, Long> perKind(String name) {
        return counts(name, "concat_ws(' ', regexp_extract(id, '-(.*)$', 1), status)");
    }

    private Map<String, Long> perStatus(String name) {
        return counts(name, "status");
    }

    private Map<String, Long> counts(String name, String key) {
        Map<String, Long> counts = new TreeMap<>();
        List<Row> rows = LocalSpark.session()
                .read()
                .parquet(output(name))
                .selectExpr(key + " as kind")
                .groupBy("kind")
                .count()
                .collectAsList();
        rows.forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }
}
