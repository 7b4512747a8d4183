package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every job with every option that takes a path, where the names of all folders and files contain special characters. */
class StrangePathsTest {
    private static final SparkSession SPARK = LocalSpark.session();

    /** Between spaces: Hadoop globs, parts of URIs, a Spark partition, quotes, and letters beyond ASCII. */
    private static final String NAME = " [1] {a,b} * ? # %20 \\[x=1 it's \"\u00e4\u65e5\" ";

    private static final String CELLS = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n";

    private Path folder = Path.of("");
    private Path plain = Path.of("");
    private Path photos = Path.of("");
    private String messages = "";

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = Files.createDirectories(temporary.resolve(NAME));
        plain = temporary.resolve("copy");
        photos = Files.createDirectories(path("photos", ""));
        Files.copy(Path.of("src/samples/earth/earth-01.jpg"), photo("one"));
        Files.copy(Path.of("src/samples/earth/earth-02.jpg"), photo("two"));
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void photosOfAFolderAreLocatedEvaluatedAndReported() throws IOException {
        Path model = TinyModels.writeDirectory(path("model", ""), TinyModels.locate(TinyModels.CELLS));
        Path list = Files.writeString(path("list", ".txt"), "nobody\n");
        Path rows = path("rows", "");
        Files.createFile(photo("later"));
        for (int i = 0; i < 20; i++) {
            Files.createFile(photo("empty" + i));
        }
        Object[] locate = {"locate", "--model", model, "--input", photos, "--output", rows, "--opt-out", list};

        // several files in one batch, as large inputs have them
        SPARK.conf().set("spark.sql.adaptive.enabled", false);
        succeeds(locate, "--preview", 2);
        SPARK.conf().unset("spark.sql.adaptive.enabled");
        try (Stream<Path> files = Files.list(rows.resolve("_run/plan/plan-1-0"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                    .hasSizeGreaterThan(1);
        }
        for (int i = 0; i < 20; i++) {
            Files.delete(photo("empty" + i));
        }
        Files.copy(photo("one"), photo("later"), StandardCopyOption.REPLACE_EXISTING);
        succeeds(locate, "--retry", "empty");

        assertThat(messages).contains("21 photos labelled", "23 photos, 23 rows: 20 missing 3 ok");
        assertThat(uris(rows)).hasSize(23).contains(uri("one"), uri("two"), uri("later"));
        // the id of a row of a folder
        Files.writeString(list, photos.relativize(photo("later")) + "\n");
        succeeds(locate);
        assertThat(messages).contains("0 photos labelled", "23 photos, 23 rows: 20 missing 2 ok 1 opted_out");

        Path truth =
                Files.writeString(path("truth", ".csv"), "uri,user,latitude,longitude\n" + line("one") + line("two"));
        Path cells = Files.writeString(path("cells", ".csv"), CELLS + "0,89c25,1,40.7,-74\n1,47c,2,48,1\n");
        Path users = Files.writeString(path("users", ".txt"), "nobody\n");
        Object[] evaluate = {"evaluate", "--predictions", rows, "--match", "uri", "--compare", rows, "--cells", cells};
        succeeds(evaluate, "--truth", truth, "--exclude-users", users, "--output", path("scores", ""));
        assertThat(messages).contains("2 photos with a true place");
        succeeds(evaluate, "--truth", "exif:" + photos, "--output", path("scores of exif", ""));
        assertThat(messages).contains("3 photos with a true place");
        succeeds("report", "--run", rows, "--truth", "exif:" + photos, "--output", path("page", ".html"));
        succeeds("map", "--run", rows, "--photo", uri("one"), "--output", path("map", ".geojson"));
        succeeds("map", "--cells", cells, "--output", path("cells", ".geojson"));
        succeeds("cells", "--input", truth, "--t-min", 1, "--output", path("made", ".csv"));
        succeeds("cells", "--input", truth, "--t-min", 1, "--t-max", "9,8", "--output", path("made", ""));
        assertThat(path("made", "")).isDirectoryContaining(file -> file.endsWith("cells_1_9.csv"));
    }

    @Test
    void photosOfShardsAreClassifiedAndReported() throws IOException {
        Path model = TinyModels.writeZip(path("model", ".zip"), "", TinyModels.classify("red", "green", "blue"));
        Path shards = path("shards", "");
        succeeds("pack", "--input", photos, "--output", shards);
        Path shard;
        try (Stream<Path> files = Files.list(shards)) {
            shard = files.filter(file -> file.toString().endsWith(".tar"))
                    .findFirst()
                    .orElseThrow();
        }
        Path named = Files.move(shard, shards.resolve("shard" + NAME + shard.getFileName()));
        succeeds("pack", "--verify", named);
        succeeds("pack", "--verify", shards);

        Path rows = path("rows", "");
        Object[] classify = {"classify", "--model", model, "--output", rows, "--input"};
        succeeds(classify, shards);
        // as a file, and by a glob below folders whose names are not globs
        succeeds(classify, named);
        succeeds(classify, shards + "/*-000?*.{tar,tgz}");
        assertThat(messages).contains("0 photos labelled", "2 photos, 2 rows: 2 ok");
        succeeds(classify, shards, "--retry", "ok");
        assertThat(messages).contains("2 photos labelled", "2 photos, 2 rows: 2 ok");
        assertThat(uris(rows)).hasSize(2).allMatch(uri -> uri.startsWith("file:" + named + "#"));
        succeeds("report", "--run", rows, "--output", path("page", ".html"));
        assertThat(Files.readString(path("page", ".html"))).contains("data:image/jpeg;base64,");
    }

    @Test
    void photosOfAManifestAreLocatedByAlbum() throws IOException {
        Path model = TinyModels.writeDirectory(path("model", ""), TinyModels.locate(TinyModels.CELLS));
        Path manifest = Files.writeString(
                path("manifest", ".csv"),
                "uri,user,taken,latitude,longitude\n"
                        + Stream.of(photo("one"), photo("two"))
                                .map(photo -> quoted(folder.relativize(photo)) + ",ann,2024-05-01 10:00:00,1,2\n")
                                .collect(Collectors.joining()));
        Path rows = path("rows", "");
        Object[] locate = {"locate", "--model", model, "--album-window", "24h", "--input", manifest};

        succeeds(locate, "--output", rows, "--allow", "file:" + photos);
        succeeds(locate, "--output", path("other rows", ""), "--album-metadata", manifest, "--album-match", "uri");

        assertThat(uris(rows)).containsExactlyInAnyOrder(uri("one"), uri("two"));
        succeeds("evaluate", "--predictions", rows, "--truth", "run:" + rows, "--output", path("scores", ""));
        assertThat(messages).contains("2 photos with a true place");
    }

    @Test
    void objectsAndFacesAreDetectedAndNetworksBuilt() throws IOException {
        Path labels = TinyModels.writeDirectory(path("labels", ""), TinyModels.classify("red", "green", "blue"));
        Path boxes =
                TinyModels.writeDirectory(path("boxes", ""), TinyDetectors.corners(new double[] {0.1, 0.1, 0.5, 0.5}));
        Path detector = TinyModels.writeDirectory(path("detector", ""), TinyFaceModels.detector());
        Path attributes = TinyModels.writeDirectory(path("attributes", ""), TinyFaceModels.attributes(1));
        succeeds("detect", "--model", boxes, "--input", photos, "--output", path("detected", ""));
        Object[] faces = {"faces", "--detector", detector, "--model", attributes, "--attributes", "colour"};
        succeeds(faces, "--input", photos, "--output", path("faces", ""), "--faces-table", path("exploded", ""));

        Object[] compare = {"model", "describe", labels, labels, "--compare", "--input", photos, "--repetitions", 1};
        succeeds(compare, "--json", path("compared", ".json"), "--plot", path("plot", ".png"));
        Path names = Files.writeString(path("names", ".txt"), "a\nb\n");
        Object[] build = {"model", "build", "mobilenet-v3-small", "--width", "0.35", "--resolution", 32};
        succeeds(build, "--labels", names, "--output", path("built", ""));
        assertThat(ModelPackage.open(path("built", "").toString(), new Configuration())
                        .name())
                .isEqualTo(path("built", "").getFileName().toString());
        succeeds("quantize", "--half", "--model", path("built", ""), "--output", path("halved", ""));
    }

    @Test
    void headsAreTrainedAndThroughputIsMeasured() throws IOException {
        Path model = TinyModels.writeDirectory(path("model", ""), TinyModels.classify("red", "green", "blue"));
        Path many = Files.createDirectories(path("many", ""));
        StringBuilder table = new StringBuilder("uri,user,view\n");
        for (int i = 0; i < 40; i++) {
            Path photo = Files.copy(photo(i % 2 == 0 ? "one" : "two"), many.resolve(i + NAME + ".jpg"));
            table.append(quoted("file:" + photo))
                    .append(",user")
                    .append(i)
                    .append(",view ")
                    .append(i % 2)
                    .append('\n');
        }
        Path views = Files.writeString(path("views", ".csv"), table);
        succeeds("embed", "--model", model, "--input", many, "--output", path("embedded", ""));
        Object[] train = {"train", "--embeddings", path("embedded", ""), "--labels", views, "--label-column", "view"};
        succeeds(train, "--output", path("trained", ""));

        Object[] benchmark = {"benchmark", "--model", model, "--images", photos, "--scratch-dir", path("work", "")};
        Path speed = path("speed", ".json");
        succeeds(benchmark, "--seconds", 0.01, "--cores", 1, "--repetitions", 1, "--output", speed);
        assertThat(new ObjectMapper().readTree(speed.toFile()).path("photos").asInt())
                .isEqualTo(2);
    }

    /** Returns a path in the folder. */
    private Path path(String what, String extension) {
        return folder.resolve(what + NAME + extension);
    }

    private Path photo(String which) {
        return photos.resolve(which + NAME + ".jpg");
    }

    private String uri(String which) {
        return "file:" + photo(which);
    }

    private String line(String which) {
        return quoted(uri(which)) + ",ann,1,2\n";
    }

    private static String quoted(Object text) {
        return '"' + text.toString().replace("\"", "\"\"") + '"';
    }

    /** Returns the URIs, read from a copy that has an ordinary name. */
    private List<String> uris(Path rows) throws IOException {
        FileUtils.copyDirectory(rows.toFile(), plain.toFile());
        List<String> uris = SPARK.read()
                .parquet(plain.toString())
                .select("uri")
                .as(Encoders.STRING())
                .collectAsList();
        FileUtils.deleteDirectory(plain.toFile());
        return uris;
    }

    private void succeeds(Object[] line, Object... more) {
        succeeds(Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray());
    }

    private void succeeds(Object... line) {
        String[] words = Stream.of(line).map(Object::toString).toArray(String[]::new);
        assertThat(run(words)).as(String.join(" ", words) + "\n" + messages).isZero();
    }

    private int run(String... line) {
        JobRun run = JobRun.of((Object[]) line);
        messages = run.output();
        return run.exit();
    }
}
