package io.planisphere.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.planisphere.source.AwayFileSystem;
import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInputs;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    private static final SparkSession spark = LocalSpark.session();

    private final Path folder;
    private CommitLog log;
    private Plan plan;

    PlanTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        log = newLog();
        plan = Plan.of(spark, path(run()), log.state());
    }

    private CommitLog newLog() throws IOException {
        return CommitLog.open(path(run().resolve("log")), FileSystem.getLocal(new Configuration()), "Output");
    }

    private static org.apache.hadoop.fs.Path path(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    @Test
    void photosOfAFolderArePlannedWithTheirPathsAsIds() throws IOException {
        Path photos = folder.resolve("photos");
        write("photos/a.jpg");
        write("photos/deep er/#%20[b]*é\n.png");
        write("photos/_MG_1.JPG");
        write("photos/.thumb/x.jpg");
        write("photos/._a.jpg");
        write("photos/clip.mp4");
        write("photos/notes.txt");

        PlanCounts counts = extend(references(photos.toString()));

        assertThat(counts).isEqualTo(new PlanCounts(3, 0, 0, 0, 0, 0, 1, 1));
        assertThat(rows())
                .extracting(row -> row.getString(0))
                .containsExactly("_MG_1.JPG", "a.jpg", "deep er/#%20[b]*é\n.png");
        assertThat(rows().get(1).getString(1)).isEqualTo("file:" + photos + "/a.jpg");
        assertThat(plan.chunks().schema()).isEqualTo(Plan.SCHEMA);
    }

    @Test
    void planningAgainAddsOnlyNewPhotos() throws IOException {
        Path photos = folder.resolve("photos");
        write("photos/a.jpg");
        write("photos/b.jpg");
        extend(references(photos.toString()));
        List<Path> chunks = chunks();

        assertThat(extend(references(photos.toString()))).isEqualTo(PlanCounts.NONE);
        assertThat(chunks()).isEqualTo(chunks);

        write("photos/c.jpg");
        assertThat(extend(references(photos.toString()))).isEqualTo(new PlanCounts(1, 0, 0, 0, 2, 0, 0, 0));
        assertThat(chunks()).containsAll(chunks).hasSize(chunks.size() + 1);
        assertThat(rows()).extracting(row -> row.getString(0)).containsExactly("a.jpg", "b.jpg", "c.jpg");
        assertThat(plan.total().planned()).isEqualTo(3);
    }

    @Test
    void theTotalCountsVideosOfEachInputOnce() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        write("one/a.jpg");
        write("one/a.mp4");
        write("two/b.jpg");
        write("two/b.mp4");
        write("two/c.mp4");
        extend(references(one.toString(), two.toString()));
        assertThat(plan.total()).isEqualTo(new PlanTotal(2, 0, 0, 0, 3, 0));

        write("two/d.jpg");
        write("two/d.txt");
        extend(references(one.toString(), two.toString()));
        assertThat(plan.total()).isEqualTo(new PlanTotal(3, 0, 0, 0, 3, 1));
    }

    @Test
    void aChangedInputWithoutNewPhotosGivesNoChunk() throws IOException {
        Path photos = folder.resolve("photos");
        write("photos/a.jpg");
        extend(references(photos.toString()));
        List<Path> chunks = chunks();
        Files.setLastModifiedTime(photos.resolve("a.jpg"), FileTime.fromMillis(1_000_000));

        assertThat(extend(references(photos.toString()))).isEqualTo(new PlanCounts(0, 0, 0, 0, 1, 0, 0, 0));
        assertThat(chunks()).isEqualTo(chunks);
        assertThat(extend(references(photos.toString()))).isEqualTo(PlanCounts.NONE);
    }

    @Test
    void anUnfinishedPlanOfACrashedRunIsMadeAgain() throws IOException {
        Path photos = folder.resolve("photos");
        write("photos/a.jpg");
        write("photos/b.jpg");
        extend(references(photos.toString()));
        // the state that a run leaves when it dies before the plan is in the log
        FileUtils.deleteDirectory(run().resolve("log").toFile());
        Files.createDirectories(run().resolve("plan/_listings-1"));
        newLog();
        log = newLog();
        plan = Plan.of(spark, path(run()), log.state());

        assertThat(plan.total().planned()).isZero();
        assertThat(extend(references(photos.toString())).planned()).isEqualTo(2);
        assertThat(rows()).hasSize(2);
        assertThat(run().resolve("plan")).isDirectoryNotContaining("glob:**-1*");
    }

    @Test
    void unitsOfWorkKeepTheirOrderWhenOthersAreAdded() throws IOException {
        for (String name : List.of("b.tar", "d.tar", "a.tar")) {
            Files.write(folder.resolve(name), new byte[1024]);
        }
        extend(references(folder.toString()));
        Files.write(folder.resolve("c.tar"), new byte[1024]);
        extend(references(folder.toString()));

        assertThat(plan.units()).isEqualTo(4);
        assertThat(plan.shards(1, 4))
                .extracting(row -> row.getString(0).replaceAll(".*/", ""))
                .containsExactly("b.tar", "d.tar", "c.tar");
        assertThat(Plan.read(spark, path(run())).shards(0, 1)).isEqualTo(plan.shards(0, 1));
    }

    @Test
    void chunksHoldTenThousandReferencesAtMost() throws IOException {
        StringBuilder manifest = new StringBuilder("uri\n");
        for (int i = 0; i < 25_001; i++) {
            manifest.append("file:/bucket/").append(i).append(".jpg\n");
        }
        Path file = Files.writeString(folder.resolve("m.csv"), manifest);

        assertThat(extend(references(file.toString())).planned()).isEqualTo(25_001);
        assertThat(chunks())
                .allSatisfy(chunk -> assertThat(spark.read()
                                .parquet(Globs.literal(chunk.toString()))
                                .count())
                        .isBetween(1L, 10_000L));
        assertThat(rows()).hasSize(25_001);
    }

    @Test
    void manifestsCanBeCsvTsvAndParquetWithRelativePaths() throws IOException {
        Path csv = Files.writeString(folder.resolve("m.csv"), """
                Id,URL,latitude,longitude,user,taken
                1,"a, ""b"".jpg",48.5,9.25,u1,2024-05-01 10:00:00
                2,/abs/c d#%20.jpg,95,9,u2,yesterday
                3,s3a://b/k=é.jpg,x,9,,
                4,,1,1,u4,
                ,deep/e:f.jpg,,,,
                """);
        Path tsv = Files.writeString(folder.resolve("m.tsv"), "path\textra\nt.jpg\tx\n");
        spark.sql("select 'p.jpg' as file, 7 as id")
                .write()
                .parquet(folder.resolve("m.parquet").toString());

        PlanCounts counts = extend(references(
                csv.toString(), tsv.toString(), folder.resolve("m.parquet").toString()));

        assertThat(counts).isEqualTo(new PlanCounts(7, 0, 1, 2, 0, 0, 0, 0));
        String home = "file:" + folder;
        assertThat(rows())
                .filteredOn(row -> row.isNullAt(5))
                .extracting(row -> row.mkString("|"))
                .containsExactlyInAnyOrder(
                        "1|" + home + "/a, \"b\".jpg|u1|48.5|9.25|null|null|2024-05-01T10:00",
                        "2|file:/abs/c d#%20.jpg|u2|null|null|null|null|null",
                        "3|s3a://b/k=é.jpg|null|null|null|null|null|null",
                        "deep/e:f.jpg|" + home + "/deep/e:f.jpg|null|null|null|null|null|null",
                        "t.jpg|" + home + "/t.jpg|null|null|null|null|null|null",
                        "7|" + home + "/m.parquet/p.jpg|null|null|null|null|null|null");
        assertThat(rows()).filteredOn(row -> !row.isNullAt(5)).singleElement().satisfies(row -> {
            assertThat(row.getString(1)).startsWith(home + "#line-");
            assertThat(row.getString(5)).isEqualTo("The manifest's line has no URL");
        });
    }

    @Test
    void thePlanRecordsWhetherThePhotosManifestIsLocal() throws IOException {
        spark.sparkContext().hadoopConfiguration().set("fs.away.impl", AwayFileSystem.class.getName());
        Path here = Files.writeString(folder.resolve("here.csv"), "uri,id\nfile:/etc/x.jpg,1\n");
        Path csv = Files.writeString(folder.resolve("m.csv"), "uri,id\nfile:/etc/y.jpg,2\nb.jpg,3\n");
        String away = "away://host" + csv;

        extend(references(here.toString(), away));

        assertThat(plan.chunks().select(Plan.URI, Plan.MANIFEST).collectAsList())
                .extracting(row -> row.getString(0), row -> row.getString(1))
                .containsExactlyInAnyOrder(
                        tuple("file:/etc/x.jpg", Plan.LOCAL),
                        tuple("file:/etc/y.jpg", Plan.ELSEWHERE),
                        tuple(away.replace("m.csv", "b.jpg"), Plan.ELSEWHERE));
    }

    @Test
    void aRepeatedReferenceIsOnePhoto() throws IOException {
        Path csv = Files.writeString(folder.resolve("m.csv"), "uri,id\na.jpg,2\nb.jpg,1\na.jpg,1\n");

        assertThat(extend(references(csv.toString()))).isEqualTo(new PlanCounts(2, 0, 0, 0, 0, 1, 0, 0));
        assertThat(rows()).extracting(row -> row.getString(0)).containsExactly("1", "1");
    }

    @Test
    void theErrorOfAManifestWithoutUrisNamesItsColumns() throws IOException {
        Path csv = Files.writeString(folder.resolve("m.csv"), "name,size\na,1\n");

        assertThatThrownBy(() -> extend(references(csv.toString())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has the columns name, size; one named uri, url, path or file");
    }

    @Test
    void yfcc100mIsPlannedFromItsHashesWithoutListingFiles() throws IOException {
        String photo =
                "0\t6985418911\t4e2f7a26a1dfbf165a7e30bdabf7e72a\t39089491@N00\tn\t2012-02-16 09:56:37.0\t1331840483"
                        + "\t\tt\t\t\t\t-81.804885\t24.550558\t12\tp\td\tl\tlu\t7205\t8\ts\to\tjpg\t0\n";
        String impossible =
                photo.replace("6985418911", "2").replace("4e2f", "5e2f").replace("24.550558", "240.55");
        String video = photo.replace("6985418911", "3").replace("4e2f", "6e2f").replace("jpg\t0", "jpg\t1");
        Path file = Files.writeString(
                folder.resolve("yfcc100m [1] #%20+ä"),
                photo + impossible + video + "torn\tline\n" + "torn\tline too\n");

        PlanCounts counts =
                extend(inputs(InputFormat.AUTO, Optional.of("file:/data/images [1] #%20/"), "yfcc100m:" + file));

        assertThat(counts).isEqualTo(new PlanCounts(4, 0, 2, 1, 0, 0, 1, 0));
        assertThat(rows())
                .extracting(row -> row.mkString("|"))
                .contains(
                        "6985418911|file:/data/images [1] #%20/4e2/f7a/4e2f7a26a1dfbf165a7e30bdabf7e72a.jpg"
                                + "|39089491@N00|24.550558|-81.804885|null|null|2012-02-16T09:56:37",
                        "2|file:/data/images [1] #%20/5e2/f7a/5e2f7a26a1dfbf165a7e30bdabf7e72a.jpg"
                                + "|39089491@N00|null|null|null|null|2012-02-16T09:56:37");
        assertThat(rows()).filteredOn(row -> !row.isNullAt(5)).hasSize(2).allSatisfy(row -> {
            assertThat(row.getString(1)).startsWith("yfcc100m [1] #%20+ä#line-");
            assertThat(row.getString(5)).startsWith("The line has 2 columns, 23 or 25 expected: torn");
        });
    }

    @Test
    void inputsWithoutPhotosAreRejected() throws IOException {
        Path photos = folder.resolve("photos");
        write("photos/clip.mp4");
        write("photos/a.txt");

        assertThatThrownBy(() -> extend(inputs(InputFormat.FOLDER, Optional.empty(), photos.toString())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("There is no photo in " + photos + ", only 1 videos and 1 other files");
        assertThat(run().resolve("plan/plan-1-0")).doesNotExist();
    }

    @Test
    void photosOnAnUnavailableFileSystemAreRejectedBeforeTheJob() throws IOException {
        Path csv = Files.writeString(folder.resolve("m.csv"), "uri\ns3a://b/1.jpg\nodd://b/2.jpg\n");

        assertThatThrownBy(() -> extend(references(csv.toString())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("None of the photos can be fetched. This Hadoop has no file system for odd:");
        assertThat(plan.total().planned()).isZero();

        Files.writeString(csv, "uri\ns3a://b/1.jpg\na.jpg\n");
        assertThat(extend(references(csv.toString())).planned()).isEqualTo(2);
    }

    @Test
    void shardsArePlannedWithTheirLengths() throws IOException {
        Files.write(folder.resolve("b.tar"), new byte[1024]);
        Files.write(folder.resolve("a.tar.gz"), new byte[7]);
        Files.write(folder.resolve("a.txt"), new byte[7]);

        assertThat(extend(references(folder.toString()))).isEqualTo(new PlanCounts(2, 1031, 0, 0, 0, 0, 0, 0));
        assertThat(rows())
                .extracting(row -> row.getString(1) + " " + row.getLong(6))
                .containsExactlyInAnyOrder("file:" + folder + "/a.tar.gz 7", "file:" + folder + "/b.tar 1024");

        Files.write(folder.resolve("c.tar"), new byte[512]);
        assertThat(extend(references(folder.toString()))).isEqualTo(new PlanCounts(1, 512, 0, 0, 2, 0, 0, 0));
    }

    private PlanCounts extend(List<PhotoInput> inputs) throws IOException {
        return plan.extend(inputs, Plan.Metadata.LEFT, log, message -> {});
    }

    private Path run() {
        return folder.resolve("out [1]/_run");
    }

    private Path write(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, Photos.png(path.hashCode()));
    }

    private List<PhotoInput> references(String... inputs) throws IOException {
        return inputs(InputFormat.AUTO, Optional.empty(), inputs);
    }

    private static List<PhotoInput> inputs(InputFormat format, Optional<String> images, String... inputs)
            throws IOException {
        return new PhotoInputs(spark.sparkContext().hadoopConfiguration(), format, images, Optional.empty())
                .of(List.of(inputs));
    }

    private List<Row> rows() throws IOException {
        return plan.chunks()
                .select("id", "uri", "user", "latitude", "longitude", "rejected", "length", "taken")
                .sort("id")
                .collectAsList();
    }

    private List<Path> chunks() throws IOException {
        try (Stream<Path> files = Files.walk(run().resolve("plan"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
