package io.planisphere.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Committed;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.file.RunFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLogTest {
    private final FileSystem fs;
    private final java.nio.file.Path folder;

    CommitLogTest(@TempDir java.nio.file.Path folder) throws IOException {
        this.folder = folder.resolve("log");
        fs = FileSystem.getLocal(new Configuration());
    }

    @Test
    void anEmptyLogHasNoBatches() throws IOException {
        LogState state = read();

        assertThat(state.version()).isZero();
        assertThat(state.run()).isEmpty();
        assertThat(state.batches()).isEmpty();
        assertThat(state.nextBatch()).isZero();
        assertThat(state.nextUnit()).isZero();
    }

    @Test
    void aBatchIsInterruptedUntilItIsCommitted() throws IOException {
        CommitLog log = open();
        long operation = log.begin(label(0, 0, 16));

        assertThat(read().interrupted()).containsExactly(label(0, 0, 16));
        assertThat(read().nextUnit()).isEqualTo(16);
        assertThat(read().nextBatch()).isEqualTo(1);

        log.commit(committed(operation, 0, "a.parquet"));

        assertThat(read().interrupted()).isEmpty();
        assertThat(read().batches()).containsExactly(batch(0, "a.parquet"));
        assertThat(read().lastCommitted()).contains(label(0, 0, 16));
    }

    @Test
    void theLatestCommitOfABatchWins() throws IOException {
        CommitLog log = open();
        log.commit(committed(log.begin(label(0, 0, 16)), 0, "a.parquet"));
        log.commit(committed(log.begin(label(1, 16, 32)), 1, "b.parquet"));
        Begun retry = new Begun(Kind.RETRY, List.of(0L), 0, 0, "");
        log.commit(committed(log.begin(retry), 0, "c.parquet"));

        assertThat(read().batches()).containsExactly(batch(0, "c.parquet"), batch(1, "b.parquet"));
        assertThat(read().lastCommitted()).contains(retry);
        assertThat(read().interrupted()).isEmpty();
    }

    /** A driver that was paused and resumes after another one has begun. */
    @Test
    void anOlderEpochCannotAddRecords() throws IOException {
        CommitLog older = open();
        long operation = older.begin(label(0, 0, 16));
        CommitLog newer = open();

        assertThatThrownBy(() -> older.commit(committed(operation, 0, "a.parquet")))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("Output x was taken over by another run");
        assertThatThrownBy(() -> older.begin(label(1, 16, 32))).isInstanceOf(RunFailure.class);
        newer.begin(label(0, 0, 16));

        assertThat(read().batches()).isEmpty();
        assertThat(newer.epoch()).isGreaterThan(older.epoch());
    }

    /** The commit happens after the newer run has read the log and before it adds its first record. */
    @Test
    void aNewerEpochSeesTheLastCommitOfAnOlderOne() throws IOException {
        CommitLog older = open();
        long operation = older.begin(label(0, 0, 16));
        older.commit(committed(operation, 0, "a.parquet"));

        assertThat(open().state().batches()).containsExactly(batch(0, "a.parquet"));
    }

    @Test
    void recordsAreNumberedWithoutGapsAndNoOtherFilesRemain() throws IOException {
        CommitLog log = open();
        log.begin(label(0, 0, 16));

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("000000000001.json", "000000000002.json");
        }
        assertThat(read().run()).isNotEmpty().isEqualTo(log.state().run());
    }

    @Test
    void aLogWithAMissingRecordIsRejected() throws IOException {
        CommitLog log = open();
        log.begin(label(0, 0, 16));
        Files.delete(folder.resolve("000000000001.json"));

        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has records up to 2, but only 1 of them");
    }

    @Test
    void aTableCommitIsPendingUntilTheLogRecordsIt() throws IOException {
        CommitLog log = open();
        long operation = log.begin(label(0, 0, 16));
        long version = log.prepare(committed(operation, 0));

        assertThat(read().batches()).isEmpty();
        assertThat(read().prepared()).singleElement().satisfies(prepared -> {
            assertThat(prepared.version()).isEqualTo(version);
            assertThat(prepared.epoch()).isEqualTo(log.epoch());
        });

        log.commit(committed(operation, 0));

        assertThat(read().prepared()).isEmpty();
        assertThat(read().batches()).hasSize(1);
    }

    private CommitLog open() throws IOException {
        return CommitLog.open(new Path(folder.toUri()), fs, "Output x");
    }

    private LogState read() throws IOException {
        return CommitLog.read(new Path(folder.toUri()), fs);
    }

    private static Begun label(long batch, long from, long to) {
        return new Begun(Kind.LABEL, List.of(batch), from, to, "");
    }

    private static Committed committed(long operation, long batch, String... files) {
        return new Committed(operation, List.of(batch(batch, files)));
    }

    private static CommittedBatch batch(long number, String... files) {
        return new CommittedBatch(new BatchAccount(number, 1, 2, 3, 0, 0, Map.of("ok", 2L)), List.of(files), List.of());
    }
}
