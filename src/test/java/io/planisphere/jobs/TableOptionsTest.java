package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.JobRun;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests tables on command lines, to the extent possible in a Spark without connectors. TableJobsIT tests the rest. */
@TestInstance(Lifecycle.PER_CLASS)
class TableOptionsTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String CATALOG = "spark_catalog.tableoptions.";

    /** Static, because instance fields are not set before all tests. */
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    void makeTables() throws IOException {
        for (int photo = 0; photo < 3; photo++) {
            Files.write(folder.resolve(photo + ".png"), Photos.png(photo));
        }
        SPARK.sql("CREATE DATABASE tableoptions");
        SPARK.sql("CREATE TABLE tableoptions.manifest (uri STRING) USING parquet");
        name(0);
        name(1);
        SPARK.sql("CREATE TABLE tableoptions.bare (name STRING) USING parquet");
        SPARK.sql("CREATE TABLE tableoptions.bytes (id STRING, photo BINARY) USING parquet");
        SPARK.sql("CREATE VIEW tableoptions.view AS SELECT * FROM tableoptions.manifest");
        assertThat(job("locate --input " + folder + "/2.png --format folder --output " + folder + "/one"))
                .startsWith("0 ");
        SPARK.sql("CREATE TABLE tableoptions.rows USING parquet PARTITIONED BY (batch) AS SELECT * EXCEPT (batch),"
                + " CAST(null AS BIGINT) AS batch FROM parquet.`" + folder + "/one`");
    }

    @AfterAll
    static void dropTables() {
        SPARK.sql("DROP DATABASE tableoptions CASCADE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--output table:a.b.c | --output table:a.b.c needs --state URI, a folder where the run keeps its plan and its "
                        + "commit log",
                "--output FOLDER/new --state FOLDER/state | --state is for --output table:NAME; the folder FOLDER/new keeps the "
                        + "state of its run in _run. Leave --state out",
                "--output table:a.b.c --state FOLDER/state | Catalog a of table a.b.c is not configured; set it with --conf "
                        + "spark.sql.catalog.a=CLASS",
                "--output table:b.c --state FOLDER/state | Table name b.c names no catalog; write catalog.namespace.table, for the "
                        + "session catalog spark_catalog.namespace.table",
                "--output table:CATALOG.new --state FOLDER/state | Table CATALOG.new cannot be created: the session catalog makes "
                        + "tables that cannot overwrite rows by a filter; use a catalog of Delta Lake or Apache Iceberg, "
                        + "docs/tables.md",
                "--output table:CATALOG.view --state FOLDER/state | CATALOG.view is a view, and rows cannot be written to it; "
                        + "give a table",
                "--output table:CATALOG.rows --state FOLDER/state | Table CATALOG.rows (parquet) cannot overwrite rows by a "
                        + "filter; give a table of Delta Lake or Apache Iceberg, through the catalog of its format, docs/tables.md",
                "--output table:CATALOG.rows --state FOLDER/one | --state file:FOLDER/one holds files that are not of a run; give "
                        + "a new or empty directory as --state",
                "--output table:CATALOG.rows --state FOLDER/one/_run | --state file:FOLDER/one/_run belongs to a run that writes "
                        + "to a folder, and --output names table CATALOG.rows; give the --state of that run, or a new one"
            })
    void anUnusableOutputIsRejected(String output, String message) throws IOException {
        refused("locate --input " + folder + "/*.png --format folder " + output, message);
    }

    @Test
    void aTableIsRejectedAsOutputOfShards() throws IOException {
        refused(
                "pack --input FOLDER/*.png --format folder --output table:a.b.c --state FOLDER/state",
                "--output of pack is a folder of shards; a table cannot hold them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "table:a.b.c | Catalog a of table a.b.c is not configured; set it with --conf spark.sql.catalog.a=CLASS",
                "table:CATALOG.gone | Table CATALOG.gone does not exist; see SHOW TABLES, and check its name",
                "table:CATALOG.bare | Table CATALOG.bare has neither a column uri, url, path or file nor one column of bytes; it "
                        + "has name. See --photo-column",
                "table:CATALOG.bytes | Table CATALOG.bytes keeps no snapshots, so its photos may be others when they are read; "
                        + "give a table of Delta Lake or Apache Iceberg, or its Parquet files as --input",
                "table:CATALOG.bytes --photo-column id | Table CATALOG.bytes has no column id of bytes, only id, photo; see "
                        + "--photo-column",
                "table:CATALOG.manifest --format manifest | Input table:CATALOG.manifest is a table, which has no --format "
                        + "manifest; leave one of them out"
            })
    void anUnusableInputIsRejected(String input, String message) throws IOException {
        refused("locate --input " + input + " --output FOLDER/new", message);
    }

    @Test
    void newRowsOfAManifestViewAreFound() {
        String run = "locate --input table:CATALOG.view --allow file: --output FOLDER/of-view";

        assertThat(job(run)).startsWith("0 ").contains("2 photos labelled", "2 rows: 2 ok");
        name(2);

        assertThat(job(run)).startsWith("0 ").contains("1 photos labelled", "3 rows: 3 ok");
    }

    private void name(int photo) {
        SPARK.sql("INSERT INTO tableoptions.manifest VALUES ('"
                + folder.resolve(photo + ".png").toUri() + "')");
    }

    /** Checks that a job fails with one message and writes nothing, not even a folder. */
    private void refused(String line, String message) throws IOException {
        List<String> before = everything();

        assertThat(job(line)).isEqualTo("1 " + spelled(message) + "\n");

        assertThat(everything()).isEqualTo(before);
    }

    private List<String> everything() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return Stream.concat(
                            files.map(Path::toString).filter(file -> !file.contains("/of-view/")),
                            SPARK.sql("SHOW TABLES IN tableoptions").collectAsList().stream()
                                    .map(row -> row.getString(1)))
                    .sorted()
                    .toList();
        }
    }

    /** Runs a job and returns its exit code and all of its output. */
    private String job(String line) {
        JobRun run = JobRun.of((Object[]) spelled(line).split(" "));
        return run.exit() + " " + run.output();
    }

    private String spelled(String text) {
        return text.replace("FOLDER", folder.toString()).replace("CATALOG.", CATALOG);
    }
}
