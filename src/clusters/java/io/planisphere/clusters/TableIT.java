package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests tables of Delta Lake and Apache Iceberg with drivers in separate processes that are killed and suspended. */
@Tag("long")
class TableIT {
    private static final String RUN = "3f0c2e5e-95b5-4f0e-8e5c-0c6b1d6a7a11";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void batchesAreReplacedAtomicallyAndOtherProgramsReadThem(TableConnector connector, @TempDir Path folder)
            throws Exception {
        try (ProgramProcess first = start(connector, folder, "first").ready();
                ProgramProcess second = start(connector, folder, "second").ready()) {
            open(first, connector, folder);
            assertThat(first.ask("fence 1")).isEqualTo("done");
            assertThat(first.ask("replace 1 1 0,1 a")).isEqualTo("done");
            assertThat(first.ask("replace 1 2 2 a")).isEqualTo("done");
            assertThat(TableReader.rows(connector, folder)).isEqualTo("0:a:10 1:a:10 2:a:10");

            assertThat(first.ask("replace 1 3 1 b")).isEqualTo("done");
            assertThat(first.ask("replace 1 3 1 b")).as("once more").isEqualTo("done");
            assertThat(first.ask("replace 1 4 2 nobody")).isEqualTo("done");
            assertThat(first.ask("rows")).isEqualTo("0:a:10 1:b:10");

            open(second, connector, folder);
            assertThat(second.ask("committed 1 4")).isEqualTo("true");
            assertThat(second.ask("committed 1 3")).isEqualTo("true");
            assertThat(second.ask("committed 1 5")).isEqualTo("false");
            assertThat(second.ask("fence 2")).isEqualTo("done");
            assertThat(second.ask("committed 1 4")).isEqualTo("true");
            assertThat(second.ask("replace 2 5 0,2 c")).isEqualTo("done");
            assertThat(second.ask("rows")).isEqualTo("0:c:10 1:b:10 2:c:10");
            assertThat(TableReader.rows(connector, folder)).isEqualTo("0:c:10 1:b:10 2:c:10");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledDriverLeavesAllRowsOfItsCommitOrNoRows(TableConnector connector, @TempDir Path folder)
            throws Exception {
        Path gate = folder.resolve("gate");
        try (ProgramProcess successor = start(connector, folder, "successor");
                ProgramProcess before = start(connector, folder, "before");
                ProgramProcess behind = start(connector, folder, "behind")) {
            open(behind.ready(), connector, folder);
            open(before.ready(), connector, folder);
            open(successor.ready(), connector, folder);
            assertThat(behind.ask("fence 1")).isEqualTo("done");

            behind.tell("replace 1 1 0 a");
            Waiting.until(
                    "the commit is in the history",
                    PATIENCE,
                    () -> successor.ask("committed 1 1").equals("true"));
            behind.kill();
            assertThat(before.ask("fence 2")).isEqualTo("done");
            before.tell("replace 2 2 1 b " + gate);
            Waiting.until("its rows are being written", PATIENCE, () -> Files.exists(Path.of(gate + ".reached")));
            before.kill();

            assertThat(successor.ask("fence 3")).isEqualTo("done");
            assertThat(successor.ask("committed 1 1")).isEqualTo("true");
            assertThat(successor.ask("committed 2 2")).isEqualTo("false");
            assertThat(successor.ask("rows")).isEqualTo("0:a:10");
            assertThat(successor.ask("replace 3 2 1 c")).isEqualTo("done");
            assertThat(TableReader.rows(connector, folder)).isEqualTo("0:a:10 1:c:10");
        }
    }

    @ParameterizedTest
    @CsvSource({"DELTA, false", "DELTA, true", "ICEBERG, false", "ICEBERG, true"})
    void aDriverThatWritesWhileItsSuccessorBeginsIsRejected(
            TableConnector connector, boolean stopped, @TempDir Path folder) throws Exception {
        Path gate = folder.resolve("gate");
        try (ProgramProcess older = start(connector, folder, "older");
                ProgramProcess newer = start(connector, folder, "newer")) {
            open(older.ready(), connector, folder);
            open(newer.ready(), connector, folder);
            assertThat(older.ask("fence 1")).isEqualTo("done");
            assertThat(older.ask("replace 1 1 0 a")).isEqualTo("done");
            older.tell("replace 1 2 1,2 a " + gate);
            Waiting.until("its rows are being written", PATIENCE, () -> Files.exists(Path.of(gate + ".reached")));
            if (stopped) {
                older.signal("STOP");
            }

            // the newer driver writes none of these batches, so the fence alone must protect them
            assertThat(newer.ask("fence 2")).isEqualTo("done");
            assertThat(newer.ask("rows")).isEqualTo("0:a:10");
            Files.createFile(gate);
            if (stopped) {
                older.signal("CONT");
            }

            assertThat(older.response())
                    .isEqualTo("fenced: Table " + connector.table()
                            + " refused commit 2 of epoch 1: a later run on this "
                            + "table, epoch 2, has taken it over; nothing was written");
            assertThat(older.ask("replace 1 3 0 a")).startsWith("fenced: ");
            assertThat(older.ask("fence 1")).startsWith("fenced: ");
            assertThat(newer.ask("replace 2 2 2 b")).isEqualTo("done");
            assertThat(newer.ask("rows")).isEqualTo("0:a:10 2:b:10");
            assertThat(TableReader.rows(connector, folder)).isEqualTo("0:a:10 2:b:10");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoDriversSuspendedAtRandomLeaveTheRowsOfTheLast(TableConnector connector, @TempDir Path folder)
            throws Exception {
        Random random = new Random();
        try (ProgramProcess one = start(connector, folder, "one");
                ProgramProcess other = start(connector, folder, "other")) {
            open(one.ready(), connector, folder);
            open(other.ready(), connector, folder);
            int epoch = 1;
            ProgramProcess older = one;
            ProgramProcess newer = other;
            for (int round = 0; round < 4; round++) {
                int commands = 5;
                older.tell("fence " + epoch);
                for (int i = 1; i < commands; i++) {
                    older.tell("replace " + epoch + " " + i + " " + i % 3 + " older" + round);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2000));
                older.signal("STOP");
                epoch++;
                assertThat(newer.ask("fence " + epoch)).isEqualTo("done");
                assertThat(newer.ask("replace " + epoch + " 1 0,1 newer" + round))
                        .isEqualTo("done");
                assertThat(newer.ask("replace " + epoch + " 2 2 newer" + round)).isEqualTo("done");
                older.signal("CONT");

                List<String> responses = new ArrayList<>();
                for (int i = 0; i < commands; i++) {
                    responses.add(older.response());
                }
                assertThat(responses).allMatch(response -> response.equals("done") || response.startsWith("fenced: "));
                int writer = round;
                assertThat(newer.ask("rows"))
                        .as("round %d, the older one responded %s", round, responses)
                        .isEqualTo(String.join(
                                " ",
                                IntStream.range(0, 3)
                                        .mapToObj(batch -> batch + ":newer" + writer + ":10")
                                        .toList()));
                epoch++;
                ProgramProcess swapped = older;
                older = newer;
                newer = swapped;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void concurrentInsertsOfAnotherWriterAreTolerated(TableConnector connector, @TempDir Path folder) throws Exception {
        Path gate = folder.resolve("gate");
        try (ProgramProcess run = start(connector, folder, "run");
                ProgramProcess other = start(connector, folder, "other")) {
            open(run.ready(), connector, folder);
            open(other.ready(), connector, folder);
            assertThat(run.ask("fence 1")).isEqualTo("done");
            run.tell("replace 1 1 1 a " + gate);
            Waiting.until("its rows are being written", PATIENCE, () -> Files.exists(Path.of(gate + ".reached")));
            other.ask("sql INSERT INTO " + connector.table() + " (id, writer, batch) VALUES ('x', 'other', 1)");
            other.ask("sql INSERT INTO " + connector.table() + " (id, writer, batch) VALUES ('x', 'other', 77)");
            Files.createFile(gate);

            assertThat(run.response()).isEqualTo("done");
            assertThat(run.ask("rows")).isEqualTo("1:a:10 77:other:1");
            assertThat(run.ask("committed 1 1")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnsuitableTableIsRejectedAndAdditionalColumnsAreAccepted(TableConnector connector, @TempDir Path folder)
            throws Exception {
        String table = connector.table();
        String using = connector == TableConnector.DELTA ? " USING delta" : "";
        String columns = "(batch bigint, id string, width int, latitude double, cells array<struct<token:string,"
                + "probability:float>>, writer string, seen timestamp)";
        try (ProgramProcess run = start(connector, folder, "run").ready()) {
            open(run, connector, folder);
            assertThat(run.ask("open another-run"))
                    .isEqualTo("refused: Table " + table + " has the rows of another run, " + RUN
                            + "; give the --state of that run, or another table");

            run.ask("sql CREATE TABLE " + table + "_wrong (id int, batch bigint)" + using + " PARTITIONED BY (batch)");
            assertThat(run.ask("open " + RUN + " " + table + "_wrong"))
                    .isEqualTo("refused: Table " + table
                            + "_wrong cannot take the rows: column id is INT instead of STRING; "
                            + "column width INT is missing; column latitude DOUBLE is missing; and 2 more; "
                            + "give a table with these columns, or one that does not exist yet");

            run.ask("sql CREATE TABLE " + table + "_flat " + columns + using);
            assertThat(run.ask("open " + RUN + " " + table + "_flat"))
                    .isEqualTo(
                            connector == TableConnector.DELTA
                                    ? "delta"
                                    : "refused: Table " + table + "_flat is not partitioned by batch; create it with "
                                            + "PARTITIONED BY (batch)");

            run.ask("sql CREATE TABLE " + table + "_full " + columns + using + " PARTITIONED BY (batch)");
            run.ask("sql INSERT INTO " + table + "_full (id, batch) VALUES ('x', 3)");
            assertThat(run.ask("open " + RUN + " " + table + "_full"))
                    .isEqualTo("refused: Table " + table
                            + "_full has rows with a batch that no run wrote; set their batch to "
                            + "null, or give another table");

            run.ask("sql CREATE TABLE " + table + "_more " + columns + using + " PARTITIONED BY (batch)");
            assertThat(run.ask("open " + RUN + " " + table + "_more"))
                    .isEqualTo(connector == TableConnector.DELTA ? "delta" : "iceberg");
            assertThat(run.ask("fence 1")).isEqualTo("done");
            assertThat(run.ask("replace 1 1 4 a")).isEqualTo("done");
            assertThat(run.ask("rows")).isEqualTo("4:a:10");
        }
    }

    private static ProgramProcess start(TableConnector connector, Path folder, String name) throws Exception {
        return TableProcess.start(connector, folder, connector.table(), folder.resolve(name + ".log"));
    }

    private static void open(ProgramProcess process, TableConnector connector, Path folder) throws Exception {
        boolean exists = Files.exists(folder.resolve("warehouse/places/_delta_log"));
        if (exists || connector == TableConnector.ICEBERG) {
            process.ask(connector.adopt(folder));
        }
        assertThat(process.ask("open " + RUN)).isEqualTo(connector == TableConnector.DELTA ? "delta" : "iceberg");
    }
}
