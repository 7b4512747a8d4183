package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.TinyModels;
import io.planisphere.source.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests jobs that write rows to tables of Delta Lake and Apache Iceberg, and jobs that read photos from them. */
class TableJobsIT {
    private static final int PHOTOS_PER_TAR = 5;

    private final List<byte[]> photos;

    @TempDir
    private Path folder = Path.of("");

    TableJobsIT() throws IOException {
        photos = ShardFiles.photos(7, 320, 240);
    }

    @ParameterizedTest
    @EnumSource
    void aRunWritesTheSameRowsToATableAsToAFolder(TableConnector connector) throws Exception {
        for (int tar = 0; tar < 3; tar++) {
            writeTar(tar, tar == 0 ? 2 : -1);
        }
        Path optOut = Files.writeString(folder.resolve("opt-out.txt"), "1-001\n");
        Path albums = folder.resolve("albums.csv");
        StringBuilder lines = new StringBuilder("id,user,taken\n");
        for (int photo = 0; photo < 4 * PHOTOS_PER_TAR; photo++) {
            lines.append(
                    String.format(Locale.ROOT, "%s,u%d,2020-05-01T10:%02d:00Z%n", name(photo), photo % 2, photo % 60));
        }
        Files.writeString(albums, lines);
        try (ProgramProcess driver = start(connector, "driver")) {
            String batches = " --shards-per-batch 2 ";

            String first = driver.ask(locate(toTable(connector) + batches));
            assertThat(first).startsWith("0 ").contains("15 photos labelled", "1 truncated", "Rows: table:");
            driver.ask(locate(toFolder() + batches));
            assertSameRows(driver, connector, 15);
            assertThat(rowCommits(driver, connector)).isEqualTo(2);

            Path acknowledgement = lastRecord();
            assertThat(acknowledgement).content().contains("\"committed\":{");
            Files.delete(acknowledgement);
            assertThat(driver.ask(locate(toTable(connector) + batches)))
                    .startsWith("0 ")
                    .contains("0 photos labelled", "15 rows");
            assertThat(rowCommits(driver, connector))
                    .as("after a lost acknowledgement")
                    .isEqualTo(2);
            assertSameRows(driver, connector, 15);

            assertThat(driver.ask(locate(toTable(connector) + batches))).contains("0 photos labelled");
            assertThat(rowCommits(driver, connector))
                    .as("of the same command again")
                    .isEqualTo(2);

            writeTar(0, -1);
            for (String output : List.of(toTable(connector), toFolder())) {
                assertThat(driver.ask(locate(output + " --retry truncated")))
                        .startsWith("0 ")
                        .contains("1 photos labelled", "15 ok");
            }
            assertSameRows(driver, connector, 15);
            assertThat(rowCommits(driver, connector)).isEqualTo(3);

            writeTar(3, -1);
            for (String output : List.of(toTable(connector), toFolder())) {
                assertThat(driver.ask(locate(output + " --opt-out " + optOut)))
                        .startsWith("0 ")
                        .contains("5 photos labelled", "1 opted_out");
            }
            assertSameRows(driver, connector, 20);

            String album = " --album-window 24h --album-by user --album-metadata " + albums;
            for (String output : List.of(toTable(connector, "albums"), toFolder("albums-folder"))) {
                assertThat(driver.ask(locate(output + album + batches)))
                        .startsWith("0 ")
                        .contains("20 photos");
            }
            assertThat(rows(driver, connector.table("albums")))
                    .isEqualTo(rows(driver, "parquet.`" + folder + "/albums-folder`"))
                    .contains("album_cell");

            readers(driver, connector);
            assertNoStackTrace("driver");
        }
    }

    /** Checks that jobs that read rows give the same results for the table and for the folder. */
    private void readers(ProgramProcess driver, TableConnector connector) throws Exception {
        StringBuilder truth = new StringBuilder("id,latitude,longitude,user\n");
        for (int photo = 0; photo < 4 * PHOTOS_PER_TAR; photo++) {
            truth.append(String.format(Locale.ROOT, "%s,%d,%d,u%d%n", name(photo), photo, 2 * photo, photo));
        }
        Files.writeString(folder.resolve("truth.csv"), truth);
        String table = "table:" + connector.table();
        String rows = folder + "/rows";
        for (String run : List.of(table, rows)) {
            String kind = run.equals(table) ? "table" : "folder";
            assertThat(driver.ask(
                            "job evaluate --predictions " + run + " --compare " + (run.equals(table) ? rows : table)
                                    + " --truth " + folder + "/truth.csv --output " + folder + "/scores-" + kind))
                    .startsWith("0 ");
            assertThat(driver.ask("job map --run " + run + " --output " + folder + "/map-" + kind + ".geojson"))
                    .startsWith("0 ");
            assertThat(driver.ask("job report --run " + run + " --output " + folder + "/report-" + kind + ".html"))
                    .startsWith("0 ");
        }
        assertThat(folder.resolve("map-table.geojson")).hasSameTextualContentAs(folder.resolve("map-folder.geojson"));
        assertThat(figures("scores-table/metrics.json")).isEqualTo(figures("scores-folder/metrics.json"));
        assertThat(folder.resolve("report-table.html")).content().containsPattern("\"ok\"\\s*:\\s*19\\b");
        assertThat(driver.ask("job train --embeddings " + table + " --labels " + folder
                        + "/truth.csv --label-column user --output " + folder + "/head"))
                .startsWith("1 ")
                .contains("Cannot train on embeddings in " + table + ": it holds rows of locate");
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void otherJobsWriteToTablesAndTrainReadsThem(TableConnector connector) throws Exception {
        writeTar(0, 1);
        writeTar(1, -1);
        StringBuilder labels = new StringBuilder("id,label\n");
        for (int photo = 0; photo < 2 * PHOTOS_PER_TAR; photo++) {
            labels.append(name(photo)).append(photo % 2 == 0 ? ",even" : ",odd").append('\n');
        }
        Files.writeString(folder.resolve("labels.csv"), labels);
        Path backbone = TinyModels.writeDirectory(folder.resolve("backbone"), TinyModels.locate(TinyModels.CELLS));
        Path classifier =
                TinyModels.writeDirectory(folder.resolve("classifier"), TinyModels.classify("red", "green", "blue"));
        String input = " --input " + folder + "/*.tar ";
        try (ProgramProcess driver = start(connector, "driver")) {
            for (String job : List.of("embed --model " + backbone, "faces", "classify --model " + classifier)) {
                String name = StringUtils.substringBefore(job, " ");
                for (String output : List.of(toTable(connector, name), toFolder(name))) {
                    assertThat(driver.ask("job " + job + input + output))
                            .startsWith("0 ")
                            .contains("10 photos labelled", "1 truncated");
                }
                assertThat(rows(driver, connector.table(name)))
                        .isEqualTo(rows(driver, "parquet.`" + folder + "/" + name + "`"));
            }
            for (String embeddings : List.of("table:" + connector.table("embed"), folder + "/embed")) {
                String head = folder + (embeddings.startsWith("table:") ? "/of-table" : "/of-folder");
                assertThat(driver.ask("job train --embeddings " + embeddings + " --labels " + folder
                                + "/labels.csv --label-column label --min-photos 2 --validation 0 --output " + head))
                        .startsWith("0 ")
                        .contains("9 photos with an embedding");
            }
            assertThat(folder.resolve("of-table/model.onnx"))
                    .hasSameBinaryContentAs(folder.resolve("of-folder/model.onnx"));
            assertNoStackTrace("driver");
        }
    }

    private String figures(String file) throws IOException {
        return Files.readString(folder.resolve(file))
                .lines()
                .filter(line -> line.matches(".*\\d.*") && !line.contains("table:") && !line.contains("/rows"))
                .filter(line -> !line.contains("\"at\"") && !line.contains("\"created\""))
                .toList()
                .toString();
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"DELTA, begun", "DELTA, prepared", "ICEBERG, begun", "ICEBERG, prepared"})
    void aSuspendedDriverThatWasReplacedWritesNoMoreRows(TableConnector connector, String point) throws Exception {
        for (int tar = 0; tar < 4; tar++) {
            writeTar(tar, -1);
        }
        StoredOutput state = new StoredOutput(
                FileSystem.getLocal(new Configuration()).getRawFileSystem(),
                new org.apache.hadoop.fs.Path(folder + "/state"));
        try (ProgramProcess stopped = start(connector, "stopped");
                ProgramProcess other = start(connector, "other")) {
            stopped.tell(locate(toTable(connector) + " --shards-per-batch 2"));
            Waiting.until("batch 1 is " + point, ProgramProcess.PATIENCE, () -> state.says(point, 1));
            stopped.signal("STOP");
            state.buryHolder();
            other.ask(connector.adopt(folder));

            assertThat(other.ask(locate(toTable(connector) + " --shards-per-batch 2")))
                    .startsWith("0 ")
                    .contains("20 rows: 20 ok");
            String rows = rows(other, connector.table());
            assertThat(StringUtils.countMatches(rows, "\"status\":\"ok\"")).isEqualTo(20);
            int commits = rowCommits(other, connector);
            stopped.signal("CONT");

            assertThat(stopped.response())
                    .startsWith("3 ")
                    .containsAnyOf("was taken over by another run", "has taken it over; nothing was written");
            assertThat(rows(other, connector.table())).isEqualTo(rows);
            assertThat(rowCommits(other, connector)).isEqualTo(commits);
            driverAgrees(other, connector);
            assertNoStackTrace("other");
        }
    }

    private void driverAgrees(ProgramProcess driver, TableConnector connector) throws Exception {
        assertThat(driver.ask(locate(toTable(connector) + " --shards-per-batch 2")))
                .contains("0 photos labelled", "20 rows: 20 ok");
        driver.ask(locate(toFolder() + " --shards-per-batch 2"));
        assertSameRows(driver, connector, 20);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void aManifestTableAndRowsAppendedLaterArePlanned(TableConnector connector) throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (int photo = 0; photo < 4; photo++) {
            Files.write(images.resolve(photo + ".jpg"), photos.get(photo));
        }
        String manifest = connector.table("manifest");
        String allowed = " --input table:" + manifest + " --allow " + images.toUri() + " ";
        try (ProgramProcess driver = start(connector, "driver")) {
            driver.ask("sql CREATE TABLE " + manifest + " (uri STRING, user STRING)" + connector.using());
            append(driver, manifest, images, 0, 1, 9);

            String run = "job locate" + allowed + toTable(connector);
            assertThat(driver.ask(run)).startsWith("0 ").contains("3 photos labelled", "1 missing 2 ok");
            assertThat(driver.ask(run)).startsWith("0 ").contains("0 photos labelled");
            Files.write(images.resolve("9.jpg"), photos.get(5));
            assertThat(driver.ask(run + " --retry missing")).startsWith("0 ").contains("3 ok");

            append(driver, manifest, images, 2, 3);
            assertThat(driver.ask(run))
                    .startsWith("0 ")
                    .contains("2 photos labelled", "5 rows: 5 ok")
                    .doesNotContain("changed");

            driver.ask("sql DELETE FROM " + manifest + " WHERE uri LIKE '%/0.jpg'");
            assertThat(driver.ask(run))
                    .startsWith("0 ")
                    .contains("0 photos labelled", "1 rows of table " + manifest + " were changed or deleted");
            assertThat(driver.ask(run)).as("logged once").doesNotContain("changed");
            assertThat(driver.ask("job locate" + allowed + toFolder("of-manifest")))
                    .contains("4 rows: 4 ok");
            assertNoStackTrace("driver");
        }
    }

    private static void append(ProgramProcess driver, String manifest, Path images, int... numbers) throws Exception {
        String values = String.join(
                ", ",
                Arrays.stream(numbers)
                        .mapToObj(
                                number -> "('" + images.resolve(number + ".jpg").toUri() + "', 'u" + number + "')")
                        .toList());
        driver.ask("sql INSERT INTO " + manifest + " VALUES " + values);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void photosAreReadFromThePlannedVersionOfATable(TableConnector connector) throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (int photo = 0; photo < 5; photo++) {
            Files.write(images.resolve(photo + ".jpg"), photos.get(photo));
        }
        String table = connector.table("photos");
        String select = " SELECT regexp_extract(path, '[^/]+$', 0) AS id, content AS photo, 'u' AS user FROM"
                + " binaryFile.`" + images.toUri() + "` WHERE path RLIKE '";
        String run = "job locate --input table:" + table + " " + toTable(connector);
        try (ProgramProcess driver = start(connector, "driver")) {
            driver.ask("sql CREATE TABLE " + table + connector.using() + "AS" + select + "[012].jpg'");
            assertThat(driver.ask(run)).startsWith("0 ").contains("3 photos labelled", "3 ok");
            assertThat(driver.ask("sql SELECT sort_array(collect_list(uri)) FROM " + connector.table()))
                    .contains("table:" + table + "#0.jpg", "table:" + table + "#1.jpg", "table:" + table + "#2.jpg");
            driver.ask("job locate --input " + images + " " + toFolder("of-files"));
            String rows = "SELECT sort_array(collect_list(struct(id, status, width, cells))) FROM ";
            assertThat(driver.ask("sql " + rows + connector.table()))
                    .isEqualTo(
                            driver.ask("sql " + rows + "(SELECT regexp_extract(uri, '[^/]+$', 0) AS id, status, width,"
                                    + " cells FROM parquet.`" + folder + "/of-files` WHERE uri RLIKE '[012].jpg$')"));

            driver.ask("sql INSERT INTO " + table + select + "3.jpg'");
            assertThat(driver.ask(run))
                    .startsWith("0 ")
                    .contains("1 photos labelled", "4 ok")
                    .doesNotContain("changed");

            driver.ask("sql DELETE FROM " + table + " WHERE id = '0.jpg'");
            assertThat(driver.ask(run + " --retry ok"))
                    .as("the planned snapshot")
                    .startsWith("0 ")
                    .contains("4 photos labelled", "4 ok");
            assertThat(driver.ask(run))
                    .startsWith("0 ")
                    .contains("0 photos labelled", "1 rows of table " + table + " were changed or deleted since");

            expire(driver, connector, table);
            String before = rows(driver, connector.table());
            assertThat(driver.ask(run + " --retry ok"))
                    .startsWith("1 ")
                    .contains("Table " + table + " no longer has its snapshot ", "another --output")
                    .doesNotContain(" at org.", "Exception");
            assertThat(rows(driver, connector.table())).isEqualTo(before);
            assertThat(driver.ask(run))
                    .as("nothing is left to read")
                    .startsWith("0 ")
                    .contains("0 photos labelled");
        }
    }

    /** Removes the history of a table; only its current content remains. */
    private void expire(ProgramProcess driver, TableConnector connector, String table) throws Exception {
        if (connector == TableConnector.DELTA) {
            driver.ask("sql SET spark.databricks.delta.retentionDurationCheck.enabled = false");
            driver.ask("sql VACUUM " + table + " RETAIN 0 HOURS");
        } else {
            driver.ask("sql CALL ice.system.expire_snapshots(table => 'photos.photos', older_than => TIMESTAMP"
                    + " '2100-01-01 00:00:00', retain_last => 1)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void unsupportedTablesAreRejectedWithoutWrites(TableConnector connector) throws Exception {
        writeTar(0, -1);
        Files.writeString(folder.resolve("truth.csv"), "id,latitude,longitude\n0-000,1,2\n");
        String ours = connector.table();
        String state = folder.resolve("new/_run").toString();
        String others = connector.table("others");
        try (ProgramProcess driver = start(connector, "driver")) {
            driver.ask(locate(toTable(connector)));
            driver.ask("sql CREATE TABLE " + connector.table("wrong") + " (id INT, batch BIGINT)" + connector.using()
                    + "PARTITIONED BY (batch)");
            driver.ask("sql CREATE TABLE " + connector.table("bare") + " (name STRING)" + connector.using());
            driver.ask("sql CREATE TABLE " + connector.table("both") + " (id STRING, a BINARY, b BINARY)"
                    + connector.using());
            driver.ask(
                    "sql CREATE TABLE " + connector.table("nameless") + " (name STRING, a BINARY)" + connector.using());
            driver.ask("sql CREATE TABLE " + connector.table("repeated") + connector.using()
                    + "AS SELECT 'x' AS id, X'00' AS photo FROM range(2)");
            List<String> before = everything(driver, connector);
            String input = "job locate --input " + folder + "/*.tar --output table:";

            refused(
                    driver,
                    input + connector.table("wrong") + " --state " + state,
                    "cannot take the rows: column id is INT");
            refused(driver, input + ours + " --state " + state, "has the rows of another run, whose --state is file:");
            refused(
                    driver,
                    input + others + " --state " + folder + "/state/_run",
                    "belongs to a run that writes to table " + ours);
            refused(
                    driver,
                    input + "nowhere.db.t --state " + state,
                    "Catalog nowhere of table nowhere.db.t is not configured");
            String output = " --output table:" + others + " --state " + state;
            String from = "job locate --input table:";
            refused(
                    driver,
                    from + connector.table("gone") + output,
                    "Table " + connector.table("gone") + " does not exist");
            refused(
                    driver,
                    from + connector.table("bare") + output,
                    "has neither a column uri, url, path or file nor one column of bytes; it has name");
            refused(
                    driver,
                    from + connector.table("both") + output,
                    "nor one column of bytes; it has id, a, b. See --photo-column");
            refused(driver, from + connector.table("both") + " --photo-column c" + output, "has no column c of bytes");
            refused(driver, from + connector.table("nameless") + output, "no column id or uri that tells them apart");
            refused(
                    driver,
                    from + connector.table("repeated") + output,
                    "has 2 rows whose id is x; each photo needs its own");
            refused(
                    driver,
                    "job evaluate --predictions table:" + connector.table("gone") + " --truth " + folder
                            + "/truth.csv --output " + folder + "/scores",
                    "does not exist");
            refused(
                    driver,
                    "job report --run table:" + connector.table("bare") + " --output " + folder + "/page.html",
                    "does not say where the state of its run is");

            assertThat(everything(driver, connector)).isEqualTo(before);
            assertNoStackTrace("driver");
        }
    }

    private static void refused(ProgramProcess driver, String job, String message) throws Exception {
        assertThat(driver.ask(job)).as(job).startsWith("1 ").contains(message).doesNotContain("Exception", " at ");
    }

    /** Returns all tables, our commits, and all files except those of a lease. */
    private List<String> everything(ProgramProcess driver, TableConnector connector) throws Exception {
        List<String> all = new ArrayList<>();
        String namespace = connector.table().substring(0, connector.table().lastIndexOf('.'));
        all.add(driver.ask("sql SHOW TABLES IN " + namespace));
        all.add(driver.ask(connector.history()));
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> !file.contains(".log") && !file.contains("catalog.db"))
                    .sorted()
                    .forEach(all::add);
        }
        return all;
    }

    private ProgramProcess start(TableConnector connector, String name) throws Exception {
        ProgramProcess process = TableProcess.start(connector, folder, connector.table(), folder.resolve(name + ".log"))
                .ready();
        if (connector == TableConnector.ICEBERG) {
            process.ask(connector.adopt(folder));
        }
        return process;
    }

    private static String name(int photo) {
        return String.format(Locale.ROOT, "%d-%03d", photo / PHOTOS_PER_TAR, photo % PHOTOS_PER_TAR);
    }

    /** Writes a tar; photo {@code cutShort} is truncated, if there is a photo with this number. */
    private void writeTar(int number, int cutShort) throws IOException {
        Tars tar = new Tars();
        for (int i = 0; i < PHOTOS_PER_TAR; i++) {
            byte[] photo = photos.get((number + i) % photos.size());
            tar.with(
                    name(number * PHOTOS_PER_TAR + i) + ".jpg",
                    i == cutShort ? Arrays.copyOf(photo, photo.length / 2) : photo);
        }
        Files.write(folder.resolve("shard-" + number + ".tar"), tar.bytes());
    }

    private String locate(String more) {
        return "job locate --input " + folder + "/*.tar " + more.strip().replaceAll(" +", " ");
    }

    private String toTable(TableConnector connector) {
        return "--output table:" + connector.table() + " --state " + folder + "/state/_run";
    }

    private String toTable(TableConnector connector, String name) {
        return "--output table:" + connector.table(name) + " --state " + folder + "/state-" + name;
    }

    private String toFolder() {
        return toFolder("rows");
    }

    private String toFolder(String name) {
        return "--output " + folder + "/" + name;
    }

    /** Returns the last record of the commit log. */
    private Path lastRecord() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("state/_run/log"))) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+\\.json"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private void assertSameRows(ProgramProcess driver, TableConnector connector, int count) throws Exception {
        String table = rows(driver, connector.table());
        assertThat(StringUtils.countMatches(table, "\"uri\":")).isEqualTo(count);
        assertThat(table).isEqualTo(rows(driver, "parquet.`" + folder + "/rows`"));
    }

    private static String rows(ProgramProcess driver, String table) throws Exception {
        return driver.ask("sql SELECT sort_array(collect_list(to_json(struct(*)))) FROM (SELECT * EXCEPT (batch) FROM "
                + table + ")");
    }

    /** Returns the number of row commits in the history of the table. */
    private static int rowCommits(ProgramProcess driver, TableConnector connector) throws Exception {
        String history = driver.ask(connector.history());
        return StringUtils.countMatches(
                history, connector == TableConnector.DELTA ? "\"part\":\"ROWS\"" : "\"planisphere.part\":\"ROWS\"");
    }

    private void assertNoStackTrace(String process) throws IOException {
        assertThat(Files.readString(folder.resolve(process + ".log"))).doesNotContain("\tat io.planisphere");
    }
}
