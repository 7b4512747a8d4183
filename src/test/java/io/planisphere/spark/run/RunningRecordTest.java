package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.source.OptOut;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.run.RunRecord.Invocation;
import io.planisphere.spark.run.RunRecord.ModelRecord;
import io.planisphere.spark.task.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningRecordTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final RunRecord RECORD = RunRecord.of("locate", "", ModelRecord.NONE, Map.of("n", "1"))
            .begin(Invocation.begin(List.of("locate"), OptOut.NONE, Device.CPU, "4"));

    private RunDirectory directory;
    private CommitLog log;
    private Path run;

    @BeforeEach
    void open(@TempDir Path output) throws IOException {
        directory = new RunDirectory(output.toString(), new Configuration());
        log = openLog();
        run = output.resolve("_run");
    }

    private CommitLog openLog() throws IOException {
        return CommitLog.open(directory.log(), directory.fileSystem(), "Output");
    }

    @Test
    void readersFindACompleteRecordDuringTheRun() throws IOException {
        CountDownLatch second = new CountDownLatch(2);
        try (RunningRecord running = record(() -> {
            second.countDown();
            return RECORD;
        })) {
            running.start(AT_ONCE, AT_ONCE);
            awaited(second);
        }

        assertThat(directory.read(directory.record(), RunRecord.class)).contains(RECORD);
    }

    @Test
    void closeWaitsForAWriteInProgressAndPreventsFurtherOnes() {
        Thread closing = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger writes = new AtomicInteger();
        RunningRecord running = record(() -> {
            writes.incrementAndGet();
            begun.countDown();
            while (closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            over.set(true);
            return RECORD;
        });
        running.start(AT_ONCE, AT_ONCE);
        // busy-waits instead of await(), so that this thread does not wait here as it does in close()
        while (begun.getCount() > 0) {
            Thread.onSpinWait();
        }

        running.close();

        assertThat(over).isTrue();
        assertThat(writes).hasValue(1);
        assertThat(run.resolve("run.json")).exists();
    }

    @Test
    void failedWritesAreLoggedOnceAndIgnored() throws IOException {
        // blocks the path to which the new file is written before it is moved
        Files.createDirectories(run.resolve("_run.json.part/full"));
        AtomicInteger warnings = new AtomicInteger();
        AbstractFilter counting = new AbstractFilter() {
            @Override
            public Result filter(LogEvent event) {
                if (event.getMessage().getFormattedMessage().contains("run.json cannot be brought up to date")) {
                    warnings.incrementAndGet();
                }
                return Result.NEUTRAL;
            }
        };
        LoggerContext log = (LoggerContext) LogManager.getContext(false);
        log.getConfiguration().getRootLogger().addFilter(counting);
        CountDownLatch third = new CountDownLatch(3);
        try (RunningRecord running = record(() -> {
            third.countDown();
            return RECORD;
        })) {
            running.start(AT_ONCE, AT_ONCE);
            awaited(third);
        } finally {
            log.getConfiguration().getRootLogger().removeFilter(counting);
        }

        assertThat(warnings).hasValue(1);
        assertThat(run.resolve("run.json")).doesNotExist();
    }

    @Test
    void aRunThatHasLostTheOutputWritesNoRecord() throws IOException {
        openLog(); // another run begins
        try (RunningRecord running = record(() -> RECORD)) {
            running.update();
        }

        assertThat(run.resolve("run.json")).doesNotExist();
    }

    @Test
    void recordsWithoutProgressAreRead() throws IOException {
        directory.write(directory.record(), RECORD);
        Path file = run.resolve("run.json");
        String old = Files.readString(file).replaceFirst(",\\s*\"progress\" : null", "");
        assertThat(old).doesNotContain("progress");
        Files.writeString(file, old);

        assertThat(directory.read(directory.record(), RunRecord.class)).contains(RECORD);
    }

    private RunningRecord record(Supplier<RunRecord> now) {
        return new RunningRecord(directory, log, now);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
