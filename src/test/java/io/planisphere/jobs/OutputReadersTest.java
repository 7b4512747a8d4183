package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLogs;
import io.planisphere.spark.commit.CommittedRows;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Reads an output folder with third-party Parquet readers and with our own. */
@TestInstance(Lifecycle.PER_CLASS)
class OutputReadersTest {
    private static final SparkSession SPARK = LocalSpark.session().newSession();
    private static final byte[] RED = Photos.png(Color.RED, 12, 9);

    private Path folder = Path.of("");
    private Path labelled = Path.of("");
    private Path output = Path.of("");
    private int copies;

    @BeforeAll
    void labelRetryAndOptOut(@TempDir Path temporary) throws IOException {
        folder = temporary;
        output = folder.resolve("labelled");
        labelled = output;
        // a process per task of an interrupted batch would take most of the time
        SPARK.conf().set("spark.planisphere.isolateInterruptedBatches", false);
        SparkSession.setActiveSession(SPARK);
        TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        byte[] a = new Tars().with("a1.png", RED).with("a2.png", RED).bytes();
        byte[] b = new Tars().with("b1.png", RED).with("b2.png", RED).bytes();
        Files.write(folder.resolve("a.tar"), a);
        Files.write(folder.resolve("b.tar"), Arrays.copyOf(b, b.length / 3));
        Files.write(
                folder.resolve("c.tar"), new Tars().with("c1.jpg", "no image").bytes());
        run("locate", "--input", folder.resolve("*.tar"), "--shards-per-batch", 1);
        Files.write(folder.resolve("b.tar"), b);
        run("locate", "--input", folder.resolve("*.tar"), "--retry", "truncated");
        optOutAndAllInputs();
    }

    /** Gives each test a copy of its own. */
    @BeforeEach
    void copy() throws IOException {
        output = folder.resolve("out" + ++copies);
        FileUtils.copyDirectory(labelled.toFile(), output.toFile());
        Files.deleteIfExists(folder.resolve("d.tar"));
    }

    @AfterAll
    static void stop() {
        SparkSession.clearActiveSession();
        Session.closeShared();
    }

    @Test
    void everyReaderReadsExactlyTheCommittedRows() throws Exception {
        PythonReaders.install();
        List<String> rows = sparkRows();

        assertThat(summary(rows))
                .containsExactly("a1|0|ok", "a2|0|opted_out", "b1|1|ok", "b2|1|ok", "c1|2|not_an_image");
        assertThat(rows.get(0)).matches("a1\\|0\\|ok\\|89c25:0\\.\\d{4}:[-0-9.]+,.*");
        assertThat(ourRows()).isEqualTo(rows);
        assertThat(javaRows()).isEqualTo(rows);
        assertThat(PythonReaders.rows("pandas", output)).isEqualTo(rows);
        assertThat(PythonReaders.rows("duckdb", output)).isEqualTo(rows);
    }

    /** A run that died before its last commit has left an uncommitted batch, and an operation on batch 0 some of its files. */
    @Test
    void afterACrashOtherReadersSeeUncommittedRowsUntilTheNextRun() throws Exception {
        List<String> before = sparkRows();
        Files.write(folder.resolve("d.tar"), new Tars().with("d1.png", RED).bytes());
        optOutAndAllInputs();
        Files.delete(lastRecord());
        long operation = CommitLogs.beginRetryOf(output, 0);
        Path committed = onlyFile(output.resolve("batch=0"));
        Files.copy(
                committed,
                committed.resolveSibling(
                        String.format(Locale.ROOT, "part-%06d-00000-7-000.snappy.parquet", operation)));

        assertThat(sparkRows()).hasSize(before.size() + 3);
        assertThat(ourRows()).isEqualTo(before);
        assertThat(evaluated()).isEqualTo(5);

        optOutAndAllInputs();

        List<String> after = sparkRows();
        assertThat(summary(after))
                .containsExactly("a1|0|ok", "a2|0|opted_out", "b1|1|ok", "b2|1|ok", "c1|2|not_an_image", "d1|3|ok");
        assertThat(ourRows()).isEqualTo(after);
        assertThat(javaRows()).isEqualTo(after);
        assertThat(evaluated()).isEqualTo(6);
    }

    /** This includes a run that finds no new photos. */
    @Test
    void anyNextRunRemovesUncommittedFiles() throws Exception {
        List<String> before = sparkRows();
        long operation = CommitLogs.beginRetryOf(output, 0);
        Path committed = onlyFile(output.resolve("batch=0"));
        Files.copy(
                committed,
                committed.resolveSibling(
                        String.format(Locale.ROOT, "part-%06d-00000-7-000.snappy.parquet", operation)));
        assertThat(sparkRows()).hasSize(before.size() + 2);

        run(
                "locate",
                "--input",
                folder.resolve("*.tar"),
                "--opt-out",
                folder.resolve("list.txt"),
                "--retry",
                "forbidden");

        assertThat(sparkRows()).isEqualTo(before);
        assertThat(output.resolve("batch=0").toFile().list((parent, name) -> !name.startsWith(".")))
                .containsExactly(committed.getFileName().toString());
    }

    /** As in docs/output.md. Later batches appear once the partitions are recovered again. */
    @Test
    void theFolderIsRegisteredAsAnExternalTable() throws IOException {
        List<String> before = sparkRows();
        SPARK.sql("CREATE TABLE output_readers USING parquet LOCATION '" + output + "'");
        try {
            SPARK.sql("MSCK REPAIR TABLE output_readers");
            assertThat(lines(SPARK.table("output_readers"))).isEqualTo(before);
            Files.write(folder.resolve("d.tar"), new Tars().with("d1.png", RED).bytes());
            optOutAndAllInputs();

            SPARK.sql("ALTER TABLE output_readers RECOVER PARTITIONS");
            SPARK.sql("REFRESH TABLE output_readers");

            assertThat(lines(SPARK.table("output_readers")))
                    .hasSize(before.size() + 1)
                    .isEqualTo(sparkRows());
        } finally {
            SPARK.sql("DROP TABLE output_readers");
        }
        assertThat(sparkRows()).as("the files stay where they are").hasSize(before.size() + 1);
    }

    private void optOutAndAllInputs() throws IOException {
        Path list = Files.writeString(folder.resolve("list.txt"), "a2\n");
        run("locate", "--input", folder.resolve("*.tar"), "--opt-out", list);
    }

    private void run(Object... line) {
        List<String> all = Stream.of(line).map(Object::toString).collect(Collectors.toCollection(ArrayList::new));
        all.addAll(List.of("--model", folder.resolve("model").toString(), "--output", output.toString()));
        assertThat(Main.run(all.toArray(String[]::new))).isZero();
    }

    /** Returns the number of rows that {@code evaluate} finds; the truth has a place for each photo. */
    private int evaluated() throws IOException {
        Path truth = Files.writeString(
                folder.resolve("truth.csv"), "id,latitude,longitude\na1,1,1\na2,1,1\nb1,1,1\nb2,1,1\nc1,1,1\nd1,1,1\n");
        Path scores = folder.resolve("scores");
        assertThat(Main.run(
                        "evaluate",
                        "--predictions",
                        output.toString(),
                        "--truth",
                        truth.toString(),
                        "--output",
                        scores.toString()))
                .isZero();
        return new ObjectMapper()
                .readTree(scores.resolve("metrics.json").toFile())
                .path("n")
                .asInt();
    }

    private Path lastRecord() throws IOException {
        try (Stream<Path> records = Files.list(output.resolve("_run/log"))) {
            return records.max(Path::compareTo).orElseThrow();
        }
    }

    private static Path onlyFile(Path batch) throws IOException {
        try (Stream<Path> files = Files.list(batch)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .collect(Collectors.collectingAndThen(Collectors.toList(), all -> {
                        assertThat(all).hasSize(1);
                        return all.get(0);
                    }));
        }
    }

    private static List<String> summary(List<String> rows) {
        return rows.stream().map(row -> row.substring(0, row.lastIndexOf('|'))).toList();
    }

    private List<String> sparkRows() {
        return lines(SPARK.read().parquet(output.toString()));
    }

    private List<String> ourRows() throws IOException {
        return lines(CommittedRows.read(SPARK, "--predictions", output.toString()));
    }

    private static List<String> lines(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .map(row -> {
                    List<Row> cells =
                            row.isNullAt(row.fieldIndex("cells")) ? List.of() : row.getList(row.fieldIndex("cells"));
                    return line(
                            row.getAs("id"),
                            row.<Number>getAs("batch").longValue(),
                            row.getAs("status"),
                            cells.stream()
                                    .map(cell -> cell(
                                            cell.getAs("token"), cell.getAs("probability"), cell.getAs("latitude")))
                                    .toList());
                })
                .sorted()
                .toList();
    }

    /** Reads all files in the batch folders with Parquet's own reader for Java. */
    private List<String> javaRows() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(output, 2)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
                String batch = output.relativize(file).getName(0).toString();
                assertThat(batch).startsWith("batch=");
                org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
                try (ParquetReader<Group> reader =
                        ParquetReader.builder(new GroupReadSupport(), path).build()) {
                    for (Group row = reader.read(); row != null; row = reader.read()) {
                        lines.add(line(
                                row.getString("id", 0),
                                Long.parseLong(batch.substring("batch=".length())),
                                row.getString("status", 0),
                                cells(row)));
                    }
                }
            }
        }
        return lines.stream().sorted().toList();
    }

    private static List<String> cells(Group row) {
        List<String> cells = new ArrayList<>();
        if (row.getFieldRepetitionCount("cells") > 0) {
            Group list = row.getGroup("cells", 0);
            for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
                Group cell = list.getGroup(0, i).getGroup(0, 0);
                cells.add(cell(
                        cell.getString("token", 0), cell.getFloat("probability", 0), cell.getDouble("latitude", 0)));
            }
        }
        return cells;
    }

    private static String cell(String token, float probability, double latitude) {
        return String.format(Locale.ROOT, "%s:%.4f:%.4f", token, probability, latitude);
    }

    private static String line(String id, long batch, String status, List<String> cells) {
        return id + "|" + batch + "|" + status + "|" + String.join(",", cells);
    }
}
