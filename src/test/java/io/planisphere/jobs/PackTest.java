package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.SequenceFiles;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packs photos into shards and reads them back, with the jobs that users run. */
class PackTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);

    private Path folder;
    private Path photos;
    private Path model;
    private Path packed;
    private String stdout = "";

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        photos = Files.createDirectories(folder.resolve("photos"));
        for (int i = 0; i < 30; i++) {
            Path album = Files.createDirectories(photos.resolve("album" + i % 3));
            Files.write(album.resolve("p" + i + ".png"), Photos.png(COLOURS.get(i % 3), 12, 9 + i));
        }
        packed = folder.resolve("packed");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @ParameterizedTest
    @ValueSource(strings = {"webdataset", "imagesequence", "parquet"})
    void packedPhotosGiveTheSameRowsAsTheFolder(String format) throws IOException {
        assertThat(pack("--input", photos, "--to", format, "--shard-size", "20K"))
                .isZero();
        assertThat(shards()).hasSizeGreaterThan(1);

        assertThat(run("locate", "--model", model, "--input", photos, "--output", folder.resolve("a")))
                .isZero();
        assertThat(run("locate", "--model", model, "--input", packed, "--output", folder.resolve("b")))
                .isZero();

        assertThat(predictions(folder.resolve("b"))).hasSize(30).isEqualTo(predictions(folder.resolve("a")));
        assertThat(verify(packed)).as(stdout).isZero();
        assertThat(stdout).contains("30 photos: sound");
    }

    @Test
    void everyPhotoIsAccountedForAndOnlyValidOnesArePacked() throws IOException {
        Files.write(photos.resolve("empty.jpg"), new byte[0]);
        Files.writeString(photos.resolve("page.jpg"), "<html>gone</html>");
        Files.write(photos.resolve("cut.png"), Arrays.copyOf(Photos.png(1), 40));
        Files.write(photos.resolve("large.png"), new byte[5000]);
        Path list = Files.writeString(folder.resolve("list"), "album0/p0.png\n");

        assertThat(pack("--input", photos, "--max-bytes", "4000", "--opt-out", list))
                .isZero();

        Map<String, Long> status = new TreeMap<>();
        account().forEach(row -> status.merge(row.getAs("status"), 1L, Long::sum));
        assertThat(status)
                .isEqualTo(Map.of(
                        "ok", 29L, "empty", 1L, "not_an_image", 1L, "truncated", 1L, "too_large", 1L, "opted_out", 1L));
        JsonNode record = new ObjectMapper()
                .readTree(packed.resolve("_account/_run/run.json").toFile());
        assertThat(record.path("photos").asLong()).isEqualTo(34);
        List<Row> inShards = SPARK.read()
                .format("webdataset")
                .load(packed + "/*.tar")
                .select("id", "content", "sample_id")
                .collectAsList();
        assertThat(inShards).hasSize(29);
        for (Row row : inShards) {
            assertThat(row.<byte[]>getAs("content"))
                    .isEqualTo(Files.readAllBytes(photos.resolve(row.<String>getAs("sample_id"))));
        }
        assertThat(pack("--input", photos, "--max-bytes", "4000"))
                .as("without the list that it was begun with")
                .isEqualTo(1);
    }

    @Test
    void manifestColumnsAreWrittenToTheSidecar() throws IOException {
        Path manifest = Files.writeString(folder.resolve("list.csv"), """
                id,uri,latitude,longitude,user,title
                one,photos/album0/p0.png,48.5,2.25,anna,"a ""title""\"
                two,photos/album1/p1.png,91,2,,
                gone,photos/nothing.png,1,2,ben,
                """);

        assertThat(pack("--input", manifest)).isZero();

        Row one = SPARK.read()
                .format("webdataset")
                .load(packed + "/*.tar")
                .where("id = 'one'")
                .collectAsList()
                .get(0);
        assertThat(one.<Double>getAs("latitude")).isEqualTo(48.5);
        assertThat(one.<Double>getAs("longitude")).isEqualTo(2.25);
        assertThat(one.<String>getAs("user")).isEqualTo("anna");
        assertThat(one.<String>getAs("title")).isEqualTo("a \"title\"");
        assertThat(account()).hasSize(3).anyMatch(row -> row.getAs("status").equals("missing"));

        packed = folder.resolve("parquet");
        assertThat(pack("--input", manifest, "--to", "parquet")).isZero();
        Row two = SPARK.read()
                .parquet(packed.toString())
                .where("id = 'two'")
                .collectAsList()
                .get(0);
        assertThat(two.isNullAt(two.fieldIndex("latitude"))).isTrue();
        assertThat(two.<Integer>getAs("width")).isEqualTo(12);
        assertThat(two.getStruct(two.fieldIndex("image")).<byte[]>getAs("bytes"))
                .isEqualTo(Files.readAllBytes(photos.resolve("album1/p1.png")));
    }

    @Test
    void yfcc100mLinesAreWrittenToTheSidecar() throws IOException {
        Path metadata = Files.writeString(
                folder.resolve("yfcc100m_dataset"),
                "0\t6985418911\t4e2f7a26a1dfbf165a7e30bdabf7e72a\t39089491@N00\tn\t2012-02-16 09:56:37.0\t1331840483"
                        + "\t\tKey+West\t\tsun,sea\t\t-81.804885\t24.550558\t12\tp\td\tl\tlu\t7205\t8\ts\to\tjpg\t0\n"
                        + "torn\tline\n");
        Path object = folder.resolve("images/4e2/f7a/4e2f7a26a1dfbf165a7e30bdabf7e72a.jpg");
        Files.createDirectories(object.getParent());
        Files.write(object, Photos.png(3));

        assertThat(pack("--input", "yfcc100m:" + metadata, "--images", folder.resolve("images")))
                .isZero();

        Row photo = SPARK.read()
                .format("webdataset")
                .load(packed.toString())
                .collectAsList()
                .get(0);
        assertThat(photo.<String>getAs("id")).isEqualTo("6985418911");
        assertThat(photo.<Double>getAs("latitude")).isEqualTo(24.550558);
        assertThat(photo.<String>getAs("user")).isEqualTo("39089491@N00");
        assertThat(photo.<String>getAs("title")).isEqualTo("Key West");
        assertThat(photo.<String>getAs("user_tags")).isEqualTo("[\"sun\",\"sea\"]");
        assertThat(photo.<String>getAs("uri")).endsWith("#6985418911.png"); // matched by its bytes
        assertThat(account()).hasSize(2);
    }

    @Test
    void photosWithTheSameNameGetStableDistinctKeys() throws IOException {
        Path manifest = Files.writeString(folder.resolve("list.csv"), """
                id,uri
                x.png,photos/album0/p0.png
                x.jpg,photos/album1/p1.png
                y.1.png,photos/album2/p2.png
                ../up.png,photos/album0/p3.png
                """);

        assertThat(pack("--input", manifest)).isZero();

        List<String> keys = keys();
        assertThat(keys).hasSize(4).contains("y_1", "__/up").doesNotHaveDuplicates();
        assertThat(keys.stream().filter(key -> key.matches("x-[0-9a-f]{12}"))).hasSize(2);
        assertThat(verify(packed)).as(stdout).isZero();
        packed = folder.resolve("again");
        pack("--input", manifest);
        assertThat(keys()).isEqualTo(keys);
    }

    @Test
    void aSecondRunPacksNewPhotosAndRetriesMissingOnes() throws IOException {
        Path manifest =
                Files.writeString(folder.resolve("list.csv"), "id,uri\na,photos/album0/p0.png\nlate,photos/late.png\n");
        pack("--input", manifest);
        List<Path> first = shards();
        Files.write(photos.resolve("late.png"), Photos.png(9));

        assertThat(pack("--input", manifest, "--retry", "missing")).isZero();

        assertThat(shards()).containsAll(first).hasSize(first.size() + 1);
        assertThat(account()).hasSize(2).allMatch(row -> row.getAs("status").equals("ok"));
        assertThat(keys()).containsExactly("a", "late");
        assertThat(pack("--input", manifest, "--retry", "ok")).isEqualTo(1);
    }

    @Test
    void smallShardsAreRepackedIntoLargeOnesWithTheirContent() throws IOException {
        for (int i = 0; i < 6; i++) {
            Files.write(
                    folder.resolve("small" + i + ".tar"),
                    new Tars()
                            .with("p" + i + ".png", Photos.png(i))
                            .with("p" + i + ".json", "{\"n\":" + i + "}")
                            .with("p" + i + ".txt", "photo " + i)
                            .bytes());
        }

        assertThat(pack("--input", folder + "/small*.tar")).isZero();

        assertThat(pack("--input", folder + "/small*.tar", "--retry", "missing"))
                .as("photos that stand in new shards by now")
                .isEqualTo(1);
        assertThat(shards()).hasSize(1);
        List<Row> rows = SPARK.read()
                .format("webdataset")
                .load(packed.toString())
                .orderBy("id")
                .collectAsList();
        assertThat(rows).hasSize(6);
        assertThat(rows.get(4).<Long>getAs("n")).isEqualTo(4);
        assertThat(rows.get(4).<String>getAs("txt")).isEqualTo("photo 4");
    }

    @Test
    void shardsHaveSimilarSizes() throws IOException {
        Path many = Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < 200; i++) {
            Files.write(many.resolve(i + ".png"), Photos.png(COLOURS.get(i % 3), 300, 300 + i % 7));
        }

        assertThat(pack("--input", many, "--shard-size", "100K")).isZero();

        List<Long> sizes = new ArrayList<>();
        for (Path shard : shards()) {
            sizes.add(Files.size(shard));
        }
        assertThat(sizes).hasSizeGreaterThan(3);
        assertThat(sizes).allMatch(size -> size > 50_000 && size < 150_000);
    }

    @Test
    void verifyReportsErrorsInTars() throws IOException {
        byte[] png = Photos.png(1);
        Path bad = Files.createDirectories(folder.resolve("bad"));
        byte[] whole = new Tars()
                .with("a.json", "{}")
                .with("a.png", png)
                .with("b.png", png)
                .with("c.json", "{}")
                .with("c.png", png)
                .with("a.txt", "late")
                .with("c.png", png)
                .with("alone.json", "{}")
                .bytes();
        Files.write(bad.resolve("1.tar"), whole);
        Files.write(bad.resolve("2.tar"), Arrays.copyOf(whole, 1800));

        assertThat(verify(bad)).isEqualTo(2);

        assertThat(stdout)
                .contains("1.tar: unsorted key: the files of a do not stand next to each other")
                .contains("1.tar: duplicate key: c has the same file twice")
                .contains("1.tar: half sample: b has no .json")
                .contains("1.tar: half sample: alone")
                .contains("2.tar: shard truncated")
                .contains("duplicate key: a stands in 2 shards");
    }

    @Test
    void verifyReportsErrorsInOtherShards() throws IOException {
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Path sequence = SequenceFiles.write(
                bad.resolve("s.seq"), CompressionType.BLOCK, new TreeMap<>(Map.of("a", Photos.png(1))));
        byte[] bytes = Files.readAllBytes(sequence);
        Files.delete(bad.resolve(".s.seq.crc"));
        Files.write(sequence, Arrays.copyOf(bytes, bytes.length - 5));
        Path golden = Path.of("src/test/resources/io/planisphere/source/parquet");
        byte[] table = Files.readAllBytes(golden.resolve("plain.parquet"));
        Files.write(bad.resolve("cut.parquet"), Arrays.copyOf(table, table.length - 9));
        Files.copy(golden.resolve("img2dataset.parquet"), bad.resolve("i.parquet"));

        assertThat(verify(bad)).isEqualTo(2);

        assertThat(stdout)
                .contains("s.seq: shard truncated")
                .contains("cut.parquet: shard truncated")
                .contains("i.parquet: half sample: 000000001: failed_to_download: HTTP Error 404");
        assertThat(run("pack", "--verify", folder.resolve("photos"))).isEqualTo(1);
    }

    @Test
    void everyJobReadsEveryShardFormatWithTheSameStatuses() throws IOException {
        Path sequence = SequenceFiles.write(
                folder.resolve("s.seq"),
                CompressionType.RECORD,
                new TreeMap<>(Map.of(
                        "red.png", Photos.png(Color.RED, 12, 9), "page", "<html>".getBytes(StandardCharsets.UTF_8))));
        Path golden = Path.of("src/test/resources/io/planisphere/source/parquet/img2dataset.parquet")
                .toAbsolutePath();
        Path output = folder.resolve("out");

        assertThat(run("locate", "--model", model, "--input", sequence, "--input", golden, "--output", output))
                .isZero();
        assertThat(run("locate", "--model", model, "--input", sequence, "--output", output, "--retry", "missing"))
                .isZero();

        assertThat(SPARK.read()
                        .parquet(output.toString())
                        .selectExpr("concat_ws(' ', id, status)")
                        .as(Encoders.STRING())
                        .collectAsList())
                .containsExactlyInAnyOrder(
                        "red.png ok", "page not_an_image", "000000000 ok", "000000001 missing", "000000002 ok");
        assertThat(SPARK.read()
                        .format("imagesequence")
                        .load(sequence.toString())
                        .select("id", "uri", "content")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void mistakesInTheCommandLineAreNamed() throws IOException {
        assertThat(pack("--input", photos, "--shard-size", "many")).isEqualTo(1);
        assertThat(pack("--input", photos, "--to", "zip")).isEqualTo(1);
        assertThat(run("pack")).isEqualTo(1);
        Files.createDirectories(packed);
        Files.writeString(packed.resolve("mine.txt"), "mine");
        assertThat(pack("--input", photos)).isEqualTo(1);
    }

    private int pack(Object... options) {
        return run(Stream.concat(Stream.of("pack", "--output", packed), Stream.of(options))
                .toArray());
    }

    private int verify(Path shards) {
        return run("pack", "--verify", shards);
    }

    private int run(Object... line) {
        JobRun run = JobRun.of(line);
        stdout = run.out();
        return run.exit();
    }

    private List<Path> shards() throws IOException {
        try (Stream<Path> files = Files.list(packed)) {
            return files.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private List<Row> account() {
        return SPARK.read().parquet(packed.resolve("_account").toString()).collectAsList();
    }

    private List<String> keys() {
        return new ArrayList<>(new TreeSet<>(account().stream()
                .map(row -> row.<String>getAs("key"))
                .filter(key -> key != null)
                .toList()));
    }

    private static List<String> predictions(Path output) {
        return SPARK
                .read()
                .parquet(output.toString())
                .selectExpr("concat_ws(' ', replace(id, '.png', ''), status, width, height, cell, confidence)")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
