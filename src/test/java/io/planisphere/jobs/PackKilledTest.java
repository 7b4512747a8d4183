package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.Main;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code pack} in its own JVM, which is killed by SIGKILL while a batch is half written. */
class PackKilledTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final int TARS = 6;
    private static final int PHOTOS_PER_TAR = 300;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRestartedPackGivesTheShardsOfAnUninterruptedOne() throws Exception {
        for (int i = 0; i < TARS; i++) {
            Tars tar = new Tars();
            for (int photo = 0; photo < PHOTOS_PER_TAR; photo++) {
                tar.with(i + "-" + photo + ".png", Photos.png(i * 1000 + photo));
            }
            Files.write(folder.resolve("shard" + i + ".tar"), tar.bytes());
        }
        Path killed = folder.resolve("killed");
        Path undisturbed = folder.resolve("undisturbed");

        Process first = start(killed);
        JobProcess.awaitHalfABatch(first, killed.resolve("_account/batch=2"));
        first.destroyForcibly();
        assertThat(first.waitFor()).as("exit code of SIGKILL").isEqualTo(137);
        assertThat(CommitLogs.isCommitted(killed.resolve("_account"), 2)).isFalse();
        // a partial shard of a task that the crash interrupted, which must not be read as complete
        Files.write(killed.resolve("000002-00000-77-000.tar"), new byte[100]);

        assertThat(Main.run(line(killed))).isZero();
        assertThat(Main.run(line(undisturbed))).isZero();

        assertThat(accounted(killed)).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(accounted(killed)).isEqualTo(accounted(undisturbed));
        assertThat(shards(killed)).hasSizeGreaterThanOrEqualTo(TARS);
        // compared by content: Spark decides the order in which a plan's files become batches
        assertThat(shards(killed)).isEqualTo(shards(undisturbed));
    }

    private Process start(Path output) throws IOException {
        return JobProcess.start(folder.resolve(output.getFileName() + ".log"), (Object[]) line(output));
    }

    private String[] line(Path output) {
        return new String[] {
            "pack",
            "--output",
            output.toString(),
            "--input",
            folder + "/*.tar",
            "--shard-size",
            "300K",
            "--shards-per-batch",
            "1"
        };
    }

    /** Returns the SHA-256 of each tar. */
    private static List<String> shards(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.toString().endsWith(".tar"))
                    .map(PackKilledTest::sha256)
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(Path file) {
        try {
            return DigestUtils.sha256Hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> accounted(Path output) {
        return SPARK
                .read()
                .parquet(output.resolve("_account").toString())
                .selectExpr("concat_ws(' ', uri, id, status, key, bytes)")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
