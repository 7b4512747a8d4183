package io.planisphere.spark.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.planisphere.source.InputException;
import io.planisphere.spark.file.Lease.Pace;
import io.planisphere.spark.file.LeaseHolder.Beat;
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
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    private static final Pace FAST = new Pace(Duration.ofMillis(20), Duration.ofMillis(600));

    private final List<String> said = new ArrayList<>();
    private Path folder = new Path("unset");
    private FileSystem fs;

    LeaseTest() throws IOException {
        fs = FileSystem.getLocal(new Configuration());
    }

    @BeforeEach
    void choose(@TempDir java.nio.file.Path temporary) {
        folder = new Path(temporary.toUri().toString(), "run/lease");
    }

    @Test
    void itIsTakenWhereNobodyEverHeldItAndAgainWhenItWasGivenBack() throws IOException {
        try (Lease first = take()) {
            assertThat(first.isHeld()).isTrue();
        }
        try (Lease second = take()) {
            assertThat(second.isHeld()).isTrue();
        }
        assertThat(said).isEmpty();
        assertThat(fs.listStatus(folder)).as("old files go").hasSize(2);
    }

    @Test
    void whoComesSecondIsToldWhoHoldsIt() throws IOException {
        try (Lease first = take()) {
            assertThatThrownBy(this::take)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("Output x is being written by another start")
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("give another --output");
            assertThat(first.isHeld()).isTrue();
        }
    }

    @Test
    void aDeadProcessOfThisMachineIsFollowedAtOnce() throws Exception {
        Process dead = new ProcessBuilder("sleep", "60").start();
        String started = dead.toHandle().info().startInstant().orElseThrow().toString();
        LeaseHolder self = LeaseHolder.thisProcess();
        write(new LeaseHolder("t", "ada", "here", self.processes(), dead.pid(), started, started));
        assertThatThrownBy(this::take).hasMessageContaining("ada on here, process " + dead.pid());

        dead.destroyForcibly().waitFor();

        try (Lease lease = take(Pace.USUAL)) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void aNumberThatAnotherProcessHasNowIsNoSignOfLife() throws IOException {
        LeaseHolder self = LeaseHolder.thisProcess();
        String longAgo = "2001-01-01T00:00:00Z";
        write(new LeaseHolder("t", "ada", "here", self.processes(), self.pid(), longAgo, longAgo));

        try (Lease lease = take(Pace.USUAL)) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void aSilentHolderElsewhereIsFollowedAfterAWhileAndFindsThatOut() throws Exception {
        LeaseHolder elsewhere = new LeaseHolder("t", "ada", "far", "another boot", 1, "", "long ago");
        write(elsewhere);

        try (Lease lease = take()) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains("ada on far, process 1")
                    .contains("sign of its life");
            write(elsewhere, 9); // as if somebody had followed us in turn
            assertThat(lease.isHeld()).isFalse();
        }
        assertThat(new JsonFile(new Path(folder, "9.json"), fs).read(LeaseHolder.class))
                .as("what is lost is not given back")
                .contains(elsewhere);
    }

    @Test
    void aHolderElsewhereThatShowsLifeIsNotFollowed() throws Exception {
        write(new LeaseHolder("t", "ada", "far", "another boot", 1, "", "long ago"));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<Lease> second = threads.submit((Callable<Lease>) this::take);

        for (long count = 0; !second.isDone(); count++) {
            new JsonFile(new Path(folder, "0.beat"), fs).write(new Beat(count, false));
        }

        assertThatThrownBy(second::get).rootCause().hasMessageContaining("ada on far");
        threads.shutdown();
    }

    @Test
    void aHolderThatLivesShowsIt() throws Exception {
        try (Lease lease = take()) {
            JsonFile file = new JsonFile(new Path(folder, "0.beat"), raw());
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (count(file) < 3) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(lease.isHeld()).isTrue();
        }
    }

    private static long count(JsonFile file) throws IOException {
        try {
            return file.read(Beat.class).map(Beat::count).orElse(0L);
        } catch (JsonProcessingException e) {
            return 0; // half written
        }
    }

    @Test
    void ofManyThatComeAtOnceOneGetsIt() throws Exception {
        write(new LeaseHolder("t", "ada", "here", LeaseHolder.thisProcess().processes(), 1 << 30, "", ""));
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
        return Lease.take(folder, fs, "Output x", said::add, pace);
    }

    private FileSystem raw() {
        return ((LocalFileSystem) fs).getRawFileSystem();
    }

    private void write(LeaseHolder holder) throws IOException {
        write(holder, 0);
    }

    private void write(LeaseHolder holder, int number) throws IOException {
        fs.mkdirs(folder);
        new JsonFile(new Path(folder, number + ".json"), fs).write(holder);
    }
}
