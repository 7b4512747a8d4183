package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.OptOut;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLogs;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests opt-out lists in the whole job on real files. */
class LocateOptOutTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final byte[] RED = Photos.png(Color.RED, 12, 9);
    private static final String ANNA = "{\"user\": \"anna\"}";
    private static final String BEN = "{\"user\": \"ben\"}";

    private Path folder;
    private Path model;
    private Path output;
    private String messages = "";

    @BeforeEach
    void writeModel(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void photosByReferenceAreOptedOutByIdAndUserWithoutFetching() throws IOException {
        Files.write(folder.resolve("red.png"), RED);
        // nothing exists at the opted-out URIs, so fetching them would give the status missing
        Path manifest = manifest("1,red.png,ben", "2,gone.png,ben", "3,away.png,anna", "4,lost.png,carl");

        assertThat(locate("--input", manifest, "--opt-out", list("2", "anna"))).isZero();

        assertThat(statuses()).isEqualTo(Map.of("1", "ok", "2", "opted_out", "3", "opted_out", "4", "missing"));
        assertThat(row("2").<String>getAs("detail")).isEqualTo(OptOut.DETAIL);
        assertThat(messages).contains("4 photos, 4 rows:").contains("2 opted_out");
    }

    @Test
    void theUserColumnOfAManifestIsFoundByItsUsualNames() throws IOException {
        Path manifest = Files.writeString(folder.resolve("m.csv"), "id,uri,Owner\n1,a.png,anna\n2,b.png,ben\n");

        locate("--input", manifest, "--opt-out", list("anna"));

        assertThat(statuses()).isEqualTo(Map.of("1", "opted_out", "2", "missing"));
    }

    @Test
    void photosOfTarsAreOptedOutByKeyAndSidecarWithoutDecoding() throws IOException {
        // bytes that are not an image would give the status not_an_image
        Path tar = tar(new Tars()
                .with("1.png", RED)
                .with("2.png", "no image")
                .with("3.json", ANNA)
                .with("3.png", "no image")
                .with("4.png", "no image")
                .with("4.json", ANNA)
                .with("5.png", "no image")
                .with("5.json", BEN));

        assertThat(locate("--input", tar, "--opt-out", list("2", "anna"))).isZero();

        assertThat(statuses())
                .isEqualTo(
                        Map.of("1", "ok", "2", "opted_out", "3", "opted_out", "4", "opted_out", "5", "not_an_image"));
    }

    @Test
    void theRunRecordNamesTheOptOutListOfEachRun() throws IOException {
        Path tar = tar(new Tars().with("1.png", RED));
        locate("--input", tar);
        Path list = list("2", "anna", "2", "# nobody");
        locate("--input", tar, "--opt-out", list);

        JsonNode starts = new ObjectMapper()
                .readTree(output.resolve("_run/run.json").toFile())
                .path("invocations");

        assertThat(starts.get(0).path("optOut").isNull()).isTrue();
        assertThat(starts.get(1).path("optOut").path("location").asText()).isEqualTo(list.toString());
        assertThat(starts.get(1).path("optOut").path("ids").asInt()).isEqualTo(2);
        assertThat(starts.get(1).path("optOut").path("sha256").asText())
                .isEqualTo(OptOut.read(list.toString(), SPARK.sparkContext().hadoopConfiguration())
                        .sha256Hex());
    }

    @Test
    void existingRowsOfReferencesAreEmptied() throws IOException {
        Files.write(folder.resolve("red.png"), RED);
        Files.write(folder.resolve("two.png"), RED);
        Files.write(folder.resolve("three.png"), RED);
        Path manifest = manifest("1,red.png,ben", "2,two.png,carl", "3,three.png,anna");
        locate("--input", manifest);
        assertThat(row("2").<String>getAs("cell")).isEqualTo("89c25");
        Files.delete(folder.resolve("two.png")); // the photo is not needed any more

        assertThat(locate("--input", manifest, "--opt-out", list("2", "anna"))).isZero();

        assertThat(statuses()).isEqualTo(Map.of("1", "ok", "2", "opted_out", "3", "opted_out"));
        assertEmptied(row("2"));
        assertEmptied(row("3"));
        assertThat(row("1").<String>getAs("cell")).isEqualTo("89c25");
        assertThat(rows().count()).isEqualTo(3);
    }

    @Test
    void existingRowsOfTarsAreEmptied() throws IOException {
        Path tar = tar(new Tars()
                .with("1.png", RED)
                .with("2.png", RED)
                .with("3.png", RED)
                .with("3.json", ANNA)
                .with("4.left.png", RED)
                .with("4.right.png", RED)
                .with("5.png", RED)
                .with("5.json", BEN));
        locate("--input", tar);

        assertThat(locate("--input", tar, "--opt-out", list("2", "4", "anna"))).isZero();

        assertThat(statuses())
                .isEqualTo(Map.of(
                        "1", "ok",
                        "2", "opted_out",
                        "3", "opted_out",
                        "4.left.png", "opted_out",
                        "4.right.png", "opted_out",
                        "5", "ok"));
        assertEmptied(row("3"));
        assertThat(rows().count()).isEqualTo(6);
        assertThat(messages).contains("6 photos, 6 rows: 2 ok 4 opted_out");
    }

    @Test
    void rowsOfADeletedTarAreMatchedByIdOnlyWithAWarning() throws IOException {
        Path tar = tar(new Tars()
                .with("1.png", RED)
                .with("2.png", RED)
                .with("3.png", RED)
                .with("3.json", ANNA));
        locate("--input", tar);
        Files.delete(tar);
        Path other = Files.write(
                folder.resolve("b.tar"), new Tars().with("4.png", RED).bytes());

        assertThat(locate("--input", other, "--opt-out", list("2", "anna"))).isZero();

        assertThat(statuses()).isEqualTo(Map.of("1", "ok", "2", "opted_out", "3", "ok", "4", "ok"));
        assertThat(messages).contains("1 shards are no longer there").contains("by id, not by user");
    }

    @Test
    void aLongerListEmptiesMoreRowsAndTheSameListNone() throws IOException {
        Path tar = tar(new Tars().with("1.png", RED).with("2.png", RED).with("3.png", RED));
        locate("--input", tar, "--opt-out", list("1"));
        Path grown = list("1", "2");
        assertThat(locate("--input", tar, "--opt-out", grown)).isZero();
        assertThat(statuses()).isEqualTo(Map.of("1", "opted_out", "2", "opted_out", "3", "ok"));
        long version = CommitLogs.of(output).lastCommitVersion();

        assertThat(locate("--input", tar, "--opt-out", grown)).isZero();

        assertThat(CommitLogs.of(output).lastCommitVersion()).isEqualTo(version);
        assertThat(rows().count()).isEqualTo(3);
    }

    @Test
    void anEmptiedRowIsExcludedFromAlbumSmoothing() throws IOException {
        Files.write(folder.resolve("red.png"), RED);
        Files.write(folder.resolve("blue.png"), Photos.png(Color.BLUE, 12, 9));
        Path manifest = Files.writeString(
                folder.resolve("manifest.csv"),
                "id,uri,user,taken\n1,red.png,anna,2020-01-01 10:00:00\n2,blue.png,anna,2020-01-01 10:05:00\n");
        locate("--input", manifest, "--album-window", "1h");
        float together = row("1").getAs("album_confidence");

        assertThat(locate("--input", manifest, "--album-window", "1h", "--opt-out", list("2")))
                .isZero();

        assertEmptied(row("2"));
        assertThat(row("1").<Float>getAs("album_confidence"))
                .isGreaterThan(together)
                .isCloseTo(row("1").getAs("confidence"), within(1e-3f));
    }

    @Test
    void aRetryFollowsTheListAndPredictsPhotosRemovedFromIt() throws IOException {
        Path manifest = manifest("1,red.png,ben", "2,two.png,anna", "3,three.png,carl");
        locate("--input", manifest, "--opt-out", list("2", "carl"));
        assertThat(statuses()).isEqualTo(Map.of("1", "missing", "2", "opted_out", "3", "opted_out"));
        Files.write(folder.resolve("red.png"), RED);
        Files.write(folder.resolve("two.png"), RED);
        Files.write(folder.resolve("three.png"), RED);

        assertThat(locate("--input", manifest, "--opt-out", list("ben", "carl"), "--retry", "missing,opted_out"))
                .isZero();

        assertThat(statuses()).isEqualTo(Map.of("1", "opted_out", "2", "ok", "3", "opted_out"));
        assertThat(rows().count()).isEqualTo(3);
    }

    @Test
    void aRunAfterAnInterruptedOneEmptiesRows() throws IOException {
        Path tar = tar(new Tars().with("1.png", RED).with("2.png", RED));
        locate("--input", tar);
        Path record = output.resolve("_run/run.json");
        Files.writeString(record, Files.readString(record).replace("\"state\" : \"done\"", "\"state\" : \"running\""));

        assertThat(locate("--input", tar, "--opt-out", list("2"))).isZero();

        assertThat(statuses()).isEqualTo(Map.of("1", "ok", "2", "opted_out"));
        assertEmptied(row("2"));
    }

    @Test
    void continuingAnOutputWithAListRequiresAList() throws IOException {
        Path tar = tar(new Tars().with("1.png", RED));
        Path list = list("2");
        locate("--input", tar, "--opt-out", list);

        assertThat(locate("--input", tar)).isEqualTo(1);

        assertThat(messages)
                .contains("leaves out who stands on the opt-out list " + list)
                .contains("give --opt-out with that list or a newer one")
                .doesNotContain("\tat ");
    }

    @Test
    void anUnreadableListFailsTheJobBeforeAnyRow() throws IOException {
        Path tar = tar(new Tars().with("1.png", RED));

        assertThat(locate("--input", tar, "--opt-out", folder.resolve("none.txt")))
                .isEqualTo(1);
        assertThat(messages).contains("Cannot read the opt-out list").contains("there is no such file");
        assertThat(locate("--input", tar, "--opt-out", list())).isEqualTo(1);
        assertThat(messages).contains("holds no id").doesNotContain("\tat ");

        assertThat(output).doesNotExist();
    }

    private void assertEmptied(Row row) {
        assertThat(row.<String>getAs("detail")).isEqualTo(OptOut.DETAIL);
        for (String column : row.schema().fieldNames()) {
            if (!List.of("id", "uri", "status", "detail", "batch").contains(column)) {
                assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isTrue();
            }
        }
    }

    private Path manifest(String... lines) throws IOException {
        return Files.writeString(folder.resolve("manifest.csv"), "id,uri,user\n" + String.join("\n", lines) + "\n");
    }

    private Path tar(Tars tar) throws IOException {
        return Files.write(folder.resolve("a.tar"), tar.bytes());
    }

    private Path list(String... ids) throws IOException {
        return Files.writeString(folder.resolve("opt-out.txt"), String.join("\n", ids) + "\n");
    }

    private int locate(Object... options) {
        List<String> line =
                new ArrayList<>(List.of("locate", "--model", model.toString(), "--output", output.toString()));
        Arrays.stream(options).map(Object::toString).forEach(line::add);
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    private Dataset<Row> rows() {
        return SPARK.read().parquet(output.toString());
    }

    private Row row(String id) {
        return rows().where("id = '" + id + "'").head();
    }

    private Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        rows().select("id", "status").collectAsList().forEach(row -> statuses.put(row.getString(0), row.getString(1)));
        return statuses;
    }
}
