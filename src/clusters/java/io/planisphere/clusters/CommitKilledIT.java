package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.crash.TarContent;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills every operation that changes an output on {@code s3a://} by SIGKILL at random moments during the change. The same
 * command is repeated until it completes; the output must be that of an undisturbed run.
 */
@Tag("long")
class CommitKilledIT {
    private static final int KILLS = 30;

    /** Maximum number of kills per step before it may complete. */
    private static final int KILLS_PER_STEP = 2;

    private static final int SEED = 21;
    private static final String BUCKET = "planet";
    private static final int TARS = 3;
    private static final int PHOTOS = 9;
    private static final int PHOTOS_PER_TAR = 6;
    private static final List<Integer> LATE = List.of(2, 5);

    private static final String REFERENCES = "photos.csv";

    private final Random random = new Random(SEED);
    private final Map<Step, Integer> changes = new EnumMap<>(Step.class);
    private final Map<Step, List<String>> expected = new EnumMap<>(Step.class);
    private Path folder = Path.of("");
    private S3Server s3;
    private FileSystem objects;
    private List<byte[]> drawn = List.of();
    private ProgramProcess driver;
    private ProgramProcess next;
    private int kills;

    /** An operation that changes the output {@code name}. */
    private enum Step {
        LABEL_REFERENCES("locate", REFERENCES, "rows", ""),
        RETRY("locate", REFERENCES, "rows", "--retry missing"),
        OPT_OUT("locate", REFERENCES, "rows", "--opt-out " + there("opt-out.txt")),
        LABEL_SHARDS("locate", "shards/*.tar", "shard-rows", "--shards-per-batch 1"),
        ALBUMS("locate", REFERENCES, "albums", "--album-window 24h"),
        PACK("pack", "shards/*.tar", "packed", "--shards-per-batch 1 --shard-size 40K");

        private final String job;
        private final String input;
        private final String output;
        private final String options;

        Step(String job, String input, String output, String options) {
            this.job = job;
            this.input = input;
            this.output = output;
            this.options = options;
        }

        private List<String> line(String prefix) {
            List<String> line =
                    new ArrayList<>(List.of(job, "--input", there(input), "--output", there(prefix + output)));
            if (!options.isEmpty()) {
                line.addAll(List.of(options.split(" ", -1)));
            }
            return line;
        }
    }

    @BeforeEach
    void putInputs(@TempDir Path temporary) throws Exception {
        folder = temporary;
        s3 = new S3Server(folder, BUCKET);
        objects = FileSystem.newInstance(URI.create(there("")), S3Server.configuration(s3.endpoint()));
        driver = start();
        next = start();
        drawn = ShardFiles.photos(PHOTOS, 60, 40);
        StringBuilder manifest = new StringBuilder("id,uri,user,taken\n");
        for (int i = 0; i < PHOTOS; i++) {
            manifest.append(
                    String.format(Locale.ROOT, "p%d,%s,user%d,2024-05-01 1%d:00:00%n", i, there(photo(i)), i % 2, i));
            put(photo(i), drawn.get(i));
        }
        put(REFERENCES, manifest.toString().getBytes(StandardCharsets.UTF_8));
        put("opt-out.txt", "user1\n".getBytes(StandardCharsets.UTF_8));
        for (int tar = 0; tar < TARS; tar++) {
            put("shards/" + tar + ".tar", ShardFiles.tar(drawn, tar, PHOTOS_PER_TAR));
        }
    }

    @AfterEach
    void stop() throws Exception {
        driver.close();
        next.close();
        objects.close();
        s3.close();
    }

    @Test
    void theSameCommandCompletesAnyKilledOperation() throws Exception {
        driver.ready();
        String undisturbed = "undisturbed-";
        for (Step step : Step.values()) {
            prepare(step);
            Seen seen = new Seen(undisturbed + step.output);
            driver.tell(JobProgram.command(step.line(undisturbed)));
            driver.until("its end", () -> seen.lookAgain() < 0);
            assertThat(driver.response()).as(driver.output()).isEqualTo("0");
            changes.put(step, seen.look());
            expected.put(step, content(step, undisturbed));
            assertThat(expected.get(step))
                    .hasSizeGreaterThanOrEqualTo(step.input.equals(REFERENCES) ? PHOTOS : TARS * PHOTOS_PER_TAR)
                    .doesNotHaveDuplicates();
        }
        assertThat(expected.get(Step.RETRY)).isNotEqualTo(expected.get(Step.LABEL_REFERENCES));
        assertThat(expected.get(Step.OPT_OUT)).isNotEqualTo(expected.get(Step.RETRY));

        for (int round = 1; kills < KILLS; round++) {
            for (Step step : Step.values()) {
                prepare(step);
                killed(step, "killed-" + round + "-");
                assertThat(content(step, "killed-" + round + "-"))
                        .as("%s in round %d", step, round)
                        .isEqualTo(expected.get(step));
            }
        }
    }

    /** Prepares a step; two photos are added after the references were labelled. */
    private void prepare(Step step) throws IOException {
        for (int late : LATE) {
            if (step == Step.LABEL_REFERENCES) {
                objects.delete(object(photo(late)), false);
            } else if (step == Step.RETRY) {
                put(photo(late), drawn.get(late));
            }
        }
    }

    /** Runs a step until it completes, and kills one driver after the other. */
    private void killed(Step step, String prefix) throws Exception {
        String command = JobProgram.command(step.line(prefix));
        for (int left = KILLS_PER_STEP; ; left--) {
            Seen seen = new Seen(prefix + step.output);
            driver.tell(command);
            boolean isKilled = false;
            if (left > 0 && kills < KILLS) {
                int moment = 1 + random.nextInt(changes.getOrDefault(step, 1));
                isKilled = driver.until("change " + moment, () -> seen.lookAgain() >= moment);
            }
            if (!isKilled) {
                assertThat(driver.response()).as(driver.output()).isEqualTo("0");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(20)); // not always immediately after a change
            driver.kill();
            kills++;
            System.out.printf(
                    Locale.ROOT, "Kill %d: %s after %d of %d changes%n", kills, step, seen.look(), changes.get(step));
            driver = next.ready();
            next = start();
        }
    }

    /** Counts the files of an output that are created after construction. */
    private final class Seen {
        private final StoredOutput output;
        private final Set<String> before;
        private final Set<String> changes = new HashSet<>();

        Seen(String name) throws IOException {
            output = new StoredOutput(objects, object(name));
            before = new HashSet<>(output.files(""));
        }

        /** Waits before it counts again, because listing keeps a core busy that the driver needs. */
        int lookAgain() throws IOException, InterruptedException {
            TimeUnit.MILLISECONDS.sleep(10);
            return look();
        }

        int look() throws IOException {
            changes.addAll(output.files(""));
            changes.removeAll(before);
            return changes.size();
        }
    }

    private ProgramProcess start() throws IOException {
        Map<String, String> settings = new HashMap<>(S3Server.settings(s3.endpoint()));
        // a plan of references has three files, each of them a batch
        settings.put("spark.sql.shuffle.partitions", "3");
        settings.put("spark.sql.adaptive.enabled", "false");
        // one process per task would take most of the time
        settings.put("spark.planisphere.isolateInterruptedBatches", "false");
        return JobProgram.start(settings, Files.createTempFile(folder, "driver", ".log"));
    }

    /** Returns every row, and every packed file. */
    private List<String> content(Step step, String prefix) throws IOException {
        Path copy = new StoredOutput(objects, object(prefix + step.output)).copied(folder.resolve("copy"));
        if (step != Step.PACK) {
            return Rows.of(copy.toString());
        }
        List<String> content = new ArrayList<>(LocalSpark.session()
                .read()
                .parquet(copy.resolve("_account").toString())
                .drop("batch", "shard")
                .selectExpr("to_json(struct(*))")
                .as(Encoders.STRING())
                .collectAsList());
        try (Stream<Path> files = Files.list(copy)) {
            for (Path tar :
                    files.filter(file -> file.toString().endsWith(".tar")).toList()) {
                content.addAll(TarContent.of(Files.readAllBytes(tar)));
            }
        }
        content.sort(null);
        return content;
    }

    private void put(String key, byte[] bytes) throws IOException {
        try (OutputStream out = objects.create(object(key))) {
            out.write(bytes);
        }
    }

    private static String photo(int number) {
        return "photos/p" + number + ".jpg";
    }

    private static org.apache.hadoop.fs.Path object(String key) {
        return new org.apache.hadoop.fs.Path(there(key));
    }

    private static String there(String key) {
        return "s3a://" + BUCKET + "/" + key;
    }
}
