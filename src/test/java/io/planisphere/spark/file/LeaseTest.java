package io.planisphere.spark.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.InputException;
import io.planisphere.spark.file.Lease.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    private static final Pace FAST = new Pace(Duration.ofMillis(20), Duration.ofMillis(600));

    private final List<String> messages = new ArrayList<>();
    private Path path = new Path("unset");
    private FileSystem fs;

    LeaseTest() throws IOException {
        fs = FileSystem.getLocal(new Configuration());
    }

    @BeforeEach
    void choose(@TempDir java.nio.file.Path temporary) {
        path = new Path(temporary.toUri().toString(), "run/lease.json");
    }

    @Test
    void aLeaseIsAcquiredAndAcquiredAgainAfterItsRelease() throws IOException {
        take().close();
        assertThat(fs.exists(path)).isFalse();

        take().close();
        assertThat(messages).isEmpty();
    }

    @Test
    void theSecondRunIsRejectedAndToldTheHolder() throws IOException {
        try (Lease first = take()) {
            assertThatThrownBy(this::take)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("Output x is being written by another run")
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("give another --output");
            assertThat(first).isNotNull();
        }
    }

    @Test
    void theLeaseOfADeadLocalProcessIsTakenOverAtOnce() throws Exception {
        Process dead = new ProcessBuilder("sleep", "60").start();
        String started = dead.toHandle().info().startInstant().orElseThrow().toString();
        LeaseHolder self = LeaseHolder.thisProcess();
        write(new LeaseHolder("t", "ada", "here", self.processes(), dead.pid(), started, started, 0));
        assertThatThrownBy(this::take).hasMessageContaining("ada on here, process " + dead.pid());

        dead.destroyForcibly().waitFor();

        take(Pace.USUAL).close();
        assertThat(messages).isEmpty();
    }

    @Test
    void aReusedProcessIdIsNotTheHolder() throws IOException {
        LeaseHolder self = LeaseHolder.thisProcess();
        String longAgo = "2001-01-01T00:00:00Z";
        write(new LeaseHolder("t", "ada", "here", self.processes(), self.pid(), longAgo, longAgo, 0));

        take(Pace.USUAL).close();
        assertThat(messages).isEmpty();
    }

    @Test
    void aSilentRemoteHolderIsTakenOverAndALostLeaseIsNotReleased() throws Exception {
        LeaseHolder elsewhere = new LeaseHolder("t", "ada", "far", "another boot", 1, "", "long ago", 0);
        write(elsewhere);

        // heartbeats at the time of the takeover would be a different test
        try (Lease lease = take(new Pace(Duration.ofHours(1), FAST.silence()))) {
            assertThat(messages)
                    .singleElement()
                    .asString()
                    .contains("ada on far, process 1")
                    .contains("sign of its life");
            assertThat(holder()).isNotEqualTo(elsewhere);
            write(elsewhere); // as if another run had taken over from us in turn
            assertThat(lease).isNotNull();
        }
        assertThat(holder()).isEqualTo(elsewhere);
    }

    @Test
    void aRemoteHolderWithHeartbeatsIsNotTakenOver() throws Exception {
        LeaseHolder elsewhere = new LeaseHolder("t", "ada", "far", "another boot", 1, "", "long ago", 0);
        write(elsewhere);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<Lease> second = threads.submit((Callable<Lease>) this::take);

        while (!second.isDone()) {
            elsewhere = elsewhere.later();
            write(elsewhere);
        }

        assertThatThrownBy(second::get).rootCause().hasMessageContaining("ada on far");
        threads.shutdown();
    }

    @Test
    void aLiveHolderSendsHeartbeats() throws Exception {
        try (Lease lease = take()) {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (holder().beat() < 3) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(lease).isNotNull();
        }
    }

    @Test
    void exactlyOneOfManyConcurrentRunsGetsTheLease() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Callable<Lease>> starts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            starts.add(this::take);
        }

        List<Lease> taken = new ArrayList<>();
        for (Future<Lease> start : threads.invokeAll(starts)) {
            try {
                taken.add(start.get());
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(InputException.class);
            }
        }

        assertThat(taken).hasSize(1);
        taken.get(0).close();
        threads.shutdown();
    }

    private Lease take() throws IOException {
        return take(FAST);
    }

    private Lease take(Pace pace) throws IOException {
        return Lease.take(path, fs, "Output x", messages::add, pace);
    }

    private LeaseHolder holder() throws IOException {
        return file().read(LeaseHolder.class).orElseThrow();
    }

    private void write(LeaseHolder holder) throws IOException {
        fs.mkdirs(path.getParent());
        file().write(holder);
    }

    private JsonFile file() {
        return new JsonFile(path, fs);
    }
}
