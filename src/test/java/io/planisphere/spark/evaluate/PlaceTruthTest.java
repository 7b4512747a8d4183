package io.planisphere.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInputs;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.evaluate.PlaceTruth.Columns;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTruthTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Optional<String> USUAL = Optional.empty();

    private final Path folder;

    PlaceTruthTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void usersAreFoundByTheirUsualHeadingsAndBlankOnesAreUnknown() throws IOException {
        for (String heading : List.of("user", "User_ID", "AUTHOR", "uid", "owner", "photographer")) {
            String file = write("t.csv", "id,lat,lon," + heading, "a,1,2,7@N00", "b,3,4,", "c,5,6,\" \"");

            assertThat(rows(PlaceTruth.open(SPARK, file, Columns.usual(), Optional.empty())))
                    .containsExactly("[a,1.0,2.0,7@N00]", "[b,3.0,4.0,null]", "[c,5.0,6.0,null]");
        }
    }

    @Test
    void aTableWithoutAUserColumnIsAcceptedUnlessOneWasNamed() throws IOException {
        String file = write("t.csv", "id,lat,lon,by", "a,1,2,ann");

        assertThat(rows(PlaceTruth.open(SPARK, file, Columns.usual(), Optional.empty())))
                .containsExactly("[a,1.0,2.0,null]");
        assertThat(rows(PlaceTruth.open(SPARK, file, columns(Optional.of("by")), Optional.empty())))
                .containsExactly("[a,1.0,2.0,ann]");
        assertThatThrownBy(() -> PlaceTruth.open(SPARK, file, columns(Optional.of("who")), Optional.empty()))
                .hasMessageContaining("no column who among id, lat, lon, by; name it with --user-column");
    }

    @Test
    void requestedColumnsAreKeptIfTheyExist() throws IOException {
        String file = write("t.csv", "id,lat,lon,Scene.kind,other", "a,1,2,city,x");

        PlaceTruth truth = PlaceTruth.open(
                SPARK, file, columns(USUAL, "scene.kind", "license", "user", "latitude"), Optional.empty());

        assertThat(truth.rows().columns()).containsExactly("key", "latitude", "longitude", "user", "scene.kind");
        assertThat(rows(truth)).containsExactly("[a,1.0,2.0,null,city]");
    }

    @Test
    void photosAreNamedByTheColumnThatIsMatched() throws IOException {
        String file = write("t.csv", "id,uri,lat,lon", "a,s3a://b/a.jpg,1,2");

        assertThat(rows(PlaceTruth.open(SPARK, file, Columns.usual(), Optional.empty())))
                .containsExactly("[a,1.0,2.0,null]");
        assertThat(rows(PlaceTruth.open(SPARK, file, Columns.usual(), Optional.of(PhotoKey.URI))))
                .containsExactly("[s3a://b/a.jpg,1.0,2.0,null]");
    }

    @Test
    void yfcc100mHasUsers() throws IOException {
        String line =
                "0\t698\t4e2f7a26a1dfbf165a7e30bdabf7e72a\t39089491@N00\tnino\t2012-02-16 09:56:37.0\t1331840483\tx\ty\t\tz"
                        + "\t\t-81.8\t24.5\t12\tp\thttp://farm8.staticflickr.com/7205/6985418911_df7747990d.jpg\tl\tu\t7205\t8\ts\to\tjpg\t0";
        String file = write("yfcc", line);

        assertThat(rows(PlaceTruth.open(SPARK, "yfcc100m:" + file, columns(USUAL, "accuracy"), Optional.empty())))
                .containsExactly("[698,24.5,-81.8,39089491@N00,12]");
    }

    @Test
    void sidecarsOfTarsAreGroundTruthByUriOrId() throws IOException {
        Path tar = folder.resolve("a.tar");
        Files.write(
                tar,
                new Tars()
                        .with("x.jpg", "photo")
                        .with("x.json", "{\"latitude\": 1.5, \"longitude\": 2, \"uid\": 77, \"scene\": \"city\"}")
                        .with("y.jpg", "photo")
                        .bytes());

        PlaceTruth byUri = PlaceTruth.open(SPARK, "webdataset:" + tar, columns(USUAL, "scene"), Optional.empty());
        PlaceTruth byId = PlaceTruth.open(SPARK, "webdataset:" + tar, Columns.usual(), Optional.of(PhotoKey.ID));

        assertThat(byUri.match()).isEqualTo(PhotoKey.URI);
        assertThat(rows(byUri))
                .containsExactly(
                        "[file:" + tar + "#x.jpg,1.5,2.0,77,city]", "[file:" + tar + "#y.jpg,null,null,null,null]");
        assertThat(rows(byId)).containsExactly("[x,1.5,2.0,77]", "[y,null,null,null]");
    }

    @Test
    void placesInTheInputsOfARunAreGroundTruthForItsRows() throws IOException {
        String manifest =
                write("photos.csv", "uri,user,latitude,longitude", "file:/b/a.jpg,ann,10,20", "file:/b/b.jpg,,95,20");
        plan(manifest);

        PlaceTruth truth = PlaceTruth.open(SPARK, "run:" + folder, Columns.usual(), Optional.empty());

        assertThat(truth.match()).isEqualTo(PhotoKey.URI);
        assertThat(rows(truth)).containsExactly("[file:/b/a.jpg,10.0,20.0,ann]", "[file:/b/b.jpg,null,null,null]");
    }

    @Test
    void aRunOverShardsAndAFolderWithoutARunAreRejected() throws IOException {
        assertThatThrownBy(() -> PlaceTruth.open(SPARK, "run:" + folder, Columns.usual(), Optional.empty()))
                .hasMessageContaining("there is no such file or folder");
        Path tar = folder.resolve("a.tar");
        Files.write(tar, new Tars().with("x.jpg", "photo").bytes());
        plan(tar.toString());

        assertThatThrownBy(() -> PlaceTruth.open(SPARK, "run:" + folder, Columns.usual(), Optional.empty()))
                .hasMessageContaining("its photos lay in shards")
                .hasMessageContaining("give webdataset:GLOB");
    }

    private void plan(String input) throws IOException {
        org.apache.hadoop.fs.Path run =
                new org.apache.hadoop.fs.Path(folder.resolve("_run").toUri());
        CommitLog log = CommitLog.open(CommittedRows.log(run), FileSystem.getLocal(new Configuration()), "Output");
        Plan.of(SPARK, run, log.state())
                .extend(
                        new PhotoInputs(
                                        SPARK.sparkContext().hadoopConfiguration(),
                                        InputFormat.AUTO,
                                        Optional.empty(),
                                        Optional.empty())
                                .of(List.of(input)),
                        Plan.Metadata.LEFT,
                        log,
                        message -> {});
    }

    private static Columns columns(Optional<String> user, String... further) {
        return new Columns(USUAL, USUAL, USUAL, user, List.of(further));
    }

    private static List<String> rows(PlaceTruth truth) {
        return truth.rows().orderBy("key").collectAsList().stream()
                .map(Object::toString)
                .toList();
    }

    private String write(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", Arrays.asList(lines)) + "\n")
                .toString();
    }
}
