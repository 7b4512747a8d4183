package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Access;
import io.planisphere.source.InputException;
import io.planisphere.source.InputFormat;
import io.planisphere.source.OptOut;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInputs;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.file.RunFailure;
import io.planisphere.spark.rows.ClassifyRows;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.run.InferenceRun.Settings;
import io.planisphere.spark.task.Device;
import java.awt.Color;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a run between its last row and its end. */
class InferenceRunTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private final Path folder;
    private final Path output;
    private final JobRows rows;

    InferenceRunTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        output = folder.resolve("rows");
        Files.write(
                folder.resolve("a.tar"),
                new Tars().with("red.png", Photos.png(Color.RED, 12, 9)).bytes());
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.classify("a", "b"));
        rows = new ClassifyRows(
                JavaSparkContext.fromSparkContext(SPARK.sparkContext())
                        .broadcast(ModelPackage.open(model.toString(), new Configuration())),
                1,
                1,
                null);
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void theLeaseIsHeldDuringTheLastPass() throws IOException {
        label((spark, written) -> assertThatThrownBy(
                        () -> new RunDirectory(written.name(), new Configuration()).lease(waiting -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is being written by another run"));

        assertThat(state()).contains("\"done\"");
    }

    @Test
    void aRunThatIsTakenOverInItsLastPassFails() {
        assertThatThrownBy(() -> label((spark, written) -> follow()))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("was taken over by another run");
    }

    /**
     * Simulates a run that was paused and resumes after another one has begun: the log rejects its commits even if it still
     * believes that it holds the output.
     */
    @Test
    void aRunThatIsTakenOverCannotReplaceRows() throws IOException {
        assertThatThrownBy(() -> label((spark, written) -> {
                    long operation = written.begin(new Begun(Kind.ALBUMS, List.of(0L), 0, 0, ""));
                    follow();
                    written.replace(operation, List.of(0L), List.of(), Map.of()); // batch 0 would lose its rows
                }))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("was taken over by another run");

        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(1);
    }

    @Test
    void uncommittedRowsOfAFailedRunAreRemoved() {
        assertThatThrownBy(() -> label((spark, written) -> {
                    long operation = written.begin(new Begun(Kind.ALBUMS, List.of(0L), 0, 0, ""));
                    written.write(operation, written.rows());
                    assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(2);
                    throw new IllegalStateException("of a test");
                }))
                .hasMessage("of a test");

        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(1);
    }

    @Test
    void theFailureIsThrownEvenIfItCannotBeRecorded() {
        IllegalStateException why = new IllegalStateException("of a test");

        assertThatThrownBy(() -> label((spark, written) -> {
                    // blocks the temporary path of the record
                    Files.createDirectories(output.resolve("_run/_run.json.part/full"));
                    throw why;
                }))
                .isSameAs(why)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }

    /** Other readers of the folder must not find uncommitted rows. */
    @Test
    void aFailedRunRemovesItsUncommittedRows() throws IOException {
        IllegalStateException why = new IllegalStateException("of a test");

        assertThatThrownBy(() -> label((spark, written) -> {
                    long operation = written.begin(new Begun(Kind.ALBUMS, List.of(0L), 0, 0, ""));
                    written.write(operation, written.rows());
                    assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(2);
                    throw why;
                }))
                .isSameAs(why);

        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(1);
        assertThat(state()).contains("\"failed\"");
    }

    /** With a hundred thousand files, reading them would take longer than everything else. */
    @Test
    void aRunWithNothingToDoDoesNotReadTheRows() throws IOException {
        label((spark, written) -> {});
        try (Stream<Path> files = Files.list(output.resolve("batch=0"))) {
            for (Path file : files.toList()) {
                Files.write(file, new byte[0]); // makes the file unreadable
            }
        }

        label((spark, written) -> {});

        assertThat(state()).contains("\"done\"");
    }

    private void label(JobRows.Pass last) throws IOException {
        Settings settings = new Settings(
                "classify",
                ImageLimits.DEFAULT,
                OptionalInt.of(16),
                Device.CPU,
                1,
                OptOut.NONE,
                Access.DEFAULT,
                1,
                List.of("classify"));
        PrintWriter silent = new PrintWriter(Writer.nullWriter());
        List<PhotoInput> inputs = new PhotoInputs(
                        new Configuration(), InputFormat.AUTO, Optional.empty(), Optional.empty())
                .of(List.of(folder + "/a.tar"));
        try (InferenceRun run =
                InferenceRun.open(SPARK, OutputName.folder(output.toString()), rows, settings, inputs, silent)) {
            run.then(last);
            run.label(inputs);
        }
    }

    /** Begins another run, which takes over because it saw no heartbeat for a minute. */
    private void follow() throws IOException {
        CommitLog.open(
                new org.apache.hadoop.fs.Path(output.resolve("_run/log").toUri()),
                FileSystem.getLocal(new Configuration()),
                "Output");
    }

    private String state() throws IOException {
        return Files.readString(output.resolve("_run/run.json"))
                .lines()
                .filter(line -> line.contains("\"state\""))
                .findFirst()
                .orElseThrow();
    }
}
