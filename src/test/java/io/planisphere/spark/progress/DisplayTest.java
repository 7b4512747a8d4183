package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Status;
import io.planisphere.spark.progress.OpenedShards.Opened;
import io.planisphere.spark.progress.Progress.Place;
import io.planisphere.vision.StageTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayTest {
    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintWriter out = new PrintWriter(bytes, true, StandardCharsets.UTF_8);

    private static Progress progress(long photos, double seconds) {
        TaskCounts counts = new TaskCounts(Map.of(Status.OK, photos), 0, Opened.NONE, new StageTimes(0, 0, 0, 0));
        return new Progress(counts, new Work(1000, 0, 0), Place.NOWHERE, seconds, seconds);
    }

    private String output() {
        String output = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return output;
    }

    @Test
    void aLiveLineIsRewrittenInPlaceAndTheLastOneStays() {
        LiveLine line = new LiveLine(out, 60);

        line.show(progress(100, 10));
        assertThat(output()).isEqualTo(ERASE + "100 of 1,000 photos, 10.0 per second, 1 min 30 s left\r");
        line.show(progress(500, 10));
        assertThat(output()).isEqualTo(ERASE + "500 of 1,000 photos, 50.0 per second, no errors, 10 s left\r");
        line.end(progress(1000, 20));
        assertThat(output())
                .isEqualTo(ERASE + "1,000 of 1,000 photos, 50.0 per second, no errors" + System.lineSeparator());
    }

    @Test
    void aLiveLineThatWasNeverShownPrintsNothing() {
        new LiveLine(out, 60).end(progress(0, 0.1));

        assertThat(output()).isEmpty();
    }

    @Test
    void plainLinesAreFrequentInTheFirstMinuteAndRareAfterwards() {
        PlainLines lines = new PlainLines(out);

        // ticks of the timer every five seconds, each slightly late
        double[] shown = DoubleStream.iterate(5.01, second -> second < 185, second -> second + 5.001)
                .filter(second -> {
                    lines.show(progress(100, second));
                    return !output().isEmpty();
                })
                .map(Math::floor)
                .toArray();

        assertThat(shown).containsExactly(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 90, 120, 150, 180);
    }

    @Test
    void plainLinesAreNotShortened() {
        new PlainLines(out).show(progress(100, 10));

        assertThat(output())
                .isEqualTo("100 of 1,000 photos, 10.0 per second, 10.0 per core, no errors, 1 min 30 s left"
                        + System.lineSeparator());
    }

    @Test
    void terminalsAreDetectedAsLinuxDoes(@TempDir Path folder) throws IOException {
        Map<String, String> xterm = Map.of("TERM", "xterm", "COLUMNS", "132");
        Path terminal = Files.createSymbolicLink(folder.resolve("2"), Path.of("/dev/pts/3"));

        assertThat(Terminal.columns(terminal, xterm)).hasValue(132);
        assertThat(Terminal.columns(terminal, Map.of("TERM", "dumb"))).isEmpty();
        assertThat(Terminal.columns(terminal, Map.of())).isEmpty();
        for (String other : new String[] {"/dev/null", "/tmp/log", "pipe:[1234]", "socket:[5]"}) {
            Path link = Files.createSymbolicLink(folder.resolve("to" + other.length()), Path.of(other));
            assertThat(Terminal.columns(link, xterm)).as(other).isEmpty();
        }
        assertThat(Terminal.columns(folder.resolve("nothing"), xterm)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wide", "0", "-1", "123456"})
    void aTerminalOfUnknownWidthGetsTheDefaultWidth(String columns, @TempDir Path folder) throws IOException {
        Path terminal = Files.createSymbolicLink(folder.resolve("2"), Path.of("/dev/tty1"));

        assertThat(Terminal.columns(terminal, Map.of("TERM", "xterm", "COLUMNS", columns)))
                .hasValue(80);
    }
}
