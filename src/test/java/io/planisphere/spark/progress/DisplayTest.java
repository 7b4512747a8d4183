package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Status;
import io.planisphere.spark.progress.OpenedShards.Opened;
import io.planisphere.spark.progress.Progress.Place;
import io.planisphere.vision.StageTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DisplayTest {
    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private static Progress progress(long photos, double seconds) {
        TaskCounts counts = new TaskCounts(Map.of(Status.OK, photos), 0, Opened.NONE, new StageTimes(0, 0, 0, 0));
        return new Progress(counts, new Work(1000, 0, 0), Place.NOWHERE, seconds, seconds);
    }

    private String said() {
        String said = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return said;
    }

    @Test
    void aLiveLineIsWrittenInPlaceAndTheLastOneStays() {
        LiveLine line = LiveLine.open(out, () -> 60, System::nanoTime);

        line.show(progress(100, 10));
        assertThat(said()).isEqualTo(ERASE + "100 of 1,000 photos, 10.0 per second, 1 min 30 s left");
        line.show(progress(500, 10));
        assertThat(said()).isEqualTo(ERASE + "500 of 1,000 photos, 50.0 per second, no errors, 10 s left");
        line.end(progress(1000, 20));
        assertThat(said())
                .isEqualTo(ERASE + "1,000 of 1,000 photos, 50.0 per second, no errors" + System.lineSeparator());
    }

    @Test
    void aLiveLineThatWasNeverShownLeavesNothing() {
        LiveLine.open(out, () -> 60, System::nanoTime).end(progress(0, 0.1));

        assertThat(said()).isEmpty();
    }

    @Test
    void aLineOfTheLogFindsAnEmptyLineAndIsNotDrawnOverAtOnce() {
        AtomicLong clock = new AtomicLong();
        LiveLine line = LiveLine.open(out, () -> 80, clock::get);
        line.show(progress(100, 10));
        said();

        LoggerFactory.getLogger("org.apache.spark.SomeOfSparks").warn("of a test: the live line goes out of the way");
        assertThat(said()).isEqualTo(ERASE);
        line.show(progress(200, 10));
        assertThat(said()).isEmpty();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        line.show(progress(200, 10));
        assertThat(said()).startsWith(ERASE + "200 of 1,000 photos");

        line.end(progress(300, 10));
        said();
        LoggerFactory.getLogger("org.apache.spark.SomeOfSparks").warn("of a test: the live line is gone");
        assertThat(said()).isEmpty();
    }

    @Test
    void plainLinesComeOftenInTheFirstMinuteAndSeldomAfterIt() {
        PlainLines lines = new PlainLines(out);

        // the timer's beats of five seconds, a little late each time
        double[] shown = DoubleStream.iterate(5.01, second -> second < 185, second -> second + 5.001)
                .filter(second -> {
                    lines.show(progress(100, second));
                    return !said().isEmpty();
                })
                .map(Math::floor)
                .toArray();

        assertThat(shown).containsExactly(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 90, 120, 150, 180);
    }

    @Test
    void plainLinesAreWhole() {
        new PlainLines(out).show(progress(100, 10));

        assertThat(said())
                .isEqualTo("100 of 1,000 photos, 10.0 per second, 10.0 per core, no errors, 1 min 30 s left"
                        + System.lineSeparator());
    }

    @Test
    void aTerminalIsWhatLinuxSaysIsOne(@TempDir Path folder) throws IOException {
        Map<String, String> xterm = Map.of("TERM", "xterm");
        Path terminal = Files.createSymbolicLink(folder.resolve("2"), Path.of("/dev/pts/3"));

        assertThat(Terminal.of(terminal, xterm)).contains(new Terminal(Path.of("/dev/pts/3")));
        assertThat(Terminal.of(terminal, Map.of("TERM", "dumb"))).isEmpty();
        assertThat(Terminal.of(terminal, Map.of())).isEmpty();
        for (String other : new String[] {"/dev/null", "/tmp/log", "pipe:[1234]", "socket:[5]"}) {
            Path link = Files.createSymbolicLink(folder.resolve("to" + other.length()), Path.of(other));
            assertThat(Terminal.of(link, xterm)).as(other).isEqualTo(Optional.empty());
        }
        assertThat(Terminal.of(folder.resolve("nothing"), xterm)).isEmpty();
    }

    @Test
    void aTerminalIsAsWideAsSttySaysElseAsTheShellElseAsUsual() {
        assertThat(Terminal.columns("24 132\n", Map.of("COLUMNS", "100"))).isEqualTo(132);
        assertThat(Terminal.columns("0 0\n", Map.of("COLUMNS", "100"))).isEqualTo(100);
        assertThat(Terminal.columns("", Map.of("COLUMNS", "wide"))).isEqualTo(80);
        assertThat(Terminal.columns("", Map.of())).isEqualTo(80);
    }
}
