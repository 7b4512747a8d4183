package io.planisphere.spark.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.Main;
import io.planisphere.Planisphere;
import io.planisphere.PlanisphereCatalog;
import io.planisphere.PlanisphereExtensions;
import io.planisphere.image.BrokenImages;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares values of the functions with rows of the jobs, and counts the photos that queries score. */
class PhotoFunctionsTest {
    private static final SparkSession FIRST = LocalSpark.session();
    private static final StructType PHOTOS = StructType.fromDDL("id string, content binary");

    /** How often the function {@code counted} was called. */
    private static final AtomicInteger COUNTED = new AtomicInteger();

    private static SparkSession spark = FIRST;

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void extendASession() throws IOException {
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        spark = SparkSession.builder()
                .withExtensions(new PlanisphereExtensions())
                .getOrCreate();
        count(spark);
        spark.createDataFrame(photos(), PHOTOS)
                .repartition(2)
                .write()
                .parquet(folder.resolve("photos").toString());
        spark.read().parquet(folder.resolve("photos").toString()).createOrReplaceTempView("photos");
    }

    @AfterAll
    static void restoreTheSession() {
        Session.closeShared();
        SparkSession.setDefaultSession(FIRST);
        SparkSession.setActiveSession(FIRST);
    }

    /** The sample photos, every kind of broken photo, and no photo. */
    private static List<Row> photos() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> samples = Files.list(Path.of("src/samples/photos"))) {
            for (Path sample :
                    samples.filter(file -> file.toString().endsWith(".jpg")).toList()) {
                rows.add(RowFactory.create(sample.getFileName().toString(), Files.readAllBytes(sample)));
            }
        }
        BrokenImages.all().forEach(kind -> rows.add(RowFactory.create(kind.name(), kind.bytes())));
        rows.add(RowFactory.create("red", Photos.png(Color.RED, 12, 9)));
        rows.add(RowFactory.create("null", null));
        return rows;
    }

    /** The queries of docs/library.md run as they stand, and score the sample photos. */
    @Test
    void theQueriesOfTheDocsRun() throws IOException {
        spark.conf().set("spark.sql.catalog.photos", PlanisphereCatalog.class.getName());
        List<String> queries = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/library.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(queries)
                .hasSize(2)
                .allSatisfy(query -> assertThat(spark.sql(query).collectAsList())
                        .isNotEmpty()
                        .allSatisfy(row -> assertThat(row.anyNull()).isFalse()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classify | classify(content)                                       |",
                "classify | classify(content, NULL, map('top_k', 2, 'crops', 5))    | --top-k 2 --crops 5",
                "classify | classify(content, 'builtin:mobilenet-v2', map('soft_labels', 'true', 'temperature', 2))"
                        + " | --soft-labels --temperature 2",
                "locate   | locate(content)                                         |",
                "locate   | locate(content, 'builtin:earth', map('top_k', 1, 'finest_level', 5, 'min_confidence', 0.1))"
                        + " | --top-k 1 --finest-level 5 --min-confidence 0.1",
                "embed    | embed(content)                                          |",
                "embed    | embed(content, NULL, map('precision', 'half', 'normalize', true))"
                        + " | --precision half --normalize",
                "detect   | detect(content)                                         |",
                "detect   | detect(content, NULL, map('min_score', 0.2, 'iou', 0.9, 'max_objects', 3))"
                        + " | --min-score 0.2 --iou 0.9 --max-objects 3",
                "faces    | faces(content)                                          |",
                "faces    | faces(content, 'gender', 'age', map('min_face', 30, 'scales', 2))"
                        + " | --attributes gender,age --min-face 30 --scales 2",
                "faces    | faces(content, 'gender', 'age', map('soft_labels', 'true', 'temperature', '2'))"
                        + " | --attributes gender,age --soft-labels --temperature 2",
                "locate   | locate(content, 'builtin:earth', map('no_gallery', 'true'))      | --no-gallery",
                "classify | classify(content, NULL, map('max_pixels', 200000))" + " | --max-pixels 200000"
            })
    void valuesAreTheRowsOfTheJob(String job, String call, String options) {
        String output =
                folder.resolve("out-" + Integer.toHexString(call.hashCode())).toString();
        List<String> line =
                new ArrayList<>(List.of(job, "--input", folder.resolve("photos").toString(), "--format", "parquet"));
        line.addAll(List.of("--output", output));
        if (options != null) {
            line.addAll(Arrays.asList(options.split(" ")));
        }
        assertThat(Main.run(line.toArray(String[]::new))).isZero();
        Dataset<Row> written = spark.read().parquet(output).drop("batch", "uri");

        Dataset<Row> values = spark.sql("SELECT id, r.* FROM (SELECT id, " + call + " r FROM photos)");

        assertThat(values.drop("id").schema().toDDL())
                .isEqualTo(written.drop("id").schema().toDDL());
        assertThat(values.count()).isEqualTo(90);
        assertThat(json(values.drop("id"))).containsExactlyInAnyOrderElementsOf(json(written.drop("id")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "90 | SELECT r.status, r.labels FROM (SELECT CALL r FROM photos) WHERE r.status = 'ok'",
                "90 | SELECT CALL.labels FROM photos WHERE CALL.status = 'ok'",
                "90 | SELECT r.status, count(*) FROM (SELECT CALL r FROM photos) GROUP BY 1",
                "90 | SELECT id FROM photos SORT BY CALL.status, CALL.detail",
                "90 | SELECT l.label FROM photos LATERAL VIEW explode(CALL.labels) AS l",
                "90 | SELECT a.id FROM photos a JOIN (SELECT id, CALL r FROM photos) b"
                        + " ON a.id = b.id AND b.r.status = 'ok' WHERE size(b.r.labels) = 5",
                "90 | SELECT id FROM photos WHERE id IN"
                        + " (SELECT id FROM (SELECT id, CALL r FROM photos) WHERE r.status = 'ok')",
                "90 | WITH c AS (SELECT id, CALL r FROM photos) SELECT max(r.width) FROM c WHERE r.status = 'ok'",
                "1  | SELECT r.status FROM (SELECT id, CALL r FROM photos) WHERE id = 'red'",
                "1  | SELECT CALL.status FROM photos WHERE CALL.status = 'ok' AND id = 'red' AND rand() < 2",
                "1  | SELECT CASE WHEN id = 'red' THEN CALL.status END FROM photos",
                "1  | SELECT id FROM photos WHERE id <> 'red' OR CALL.status = 'ok'",
                "1  | SELECT transform(array(content), c -> classify(counted(c)).status) FROM photos WHERE id = 'red'",
                "1  | SELECT classify(counted(max(content))).status FROM photos WHERE id = 'red'",
                "0  | SELECT count(*) FROM (SELECT id, CALL r FROM photos)",
                "0  | SELECT id FROM (SELECT id, CALL r FROM photos)"
            })
    void aQueryScoresNoPhotoTwice(int photos, String query) {
        COUNTED.set(0);

        spark.sql(query.replace("CALL", "classify(counted(content))")).collectAsList();

        assertThat(COUNTED.get()).isEqualTo(photos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify(content)", "locate(content)", "faces(content, 'age')"})
    void aCallThatIsEvaluatedPhotoByPhotoGivesTheSameValues(String call) {
        Dataset<Row> branch = spark.sql("SELECT CASE WHEN id <> '' THEN " + call + " END r FROM photos");
        Dataset<Row> operator = spark.sql("SELECT " + call + " r FROM photos");

        assertThat(json(branch)).containsExactlyInAnyOrderElementsOf(json(operator));
    }

    @Test
    void aSessionWithoutExtensionsScoresNoPhotoTwiceEither() {
        SparkSession registered = FIRST.newSession();
        Planisphere.register(registered);
        Planisphere.register(registered);
        count(registered);
        registered.read().parquet(folder.resolve("photos").toString()).createOrReplaceTempView("photos");
        COUNTED.set(0);

        Dataset<Row> rows = registered.sql("SELECT r.status, r.labels FROM"
                + " (SELECT classify(counted(content)) r FROM photos) WHERE r.status = 'ok'");

        assertThat(rows.collectAsList()).hasSizeGreaterThan(6);
        assertThat(COUNTED.get()).isEqualTo(90);
    }

    @Test
    void tasksShareOneSessionAndThePackageTravelsApartFromTheQuery() throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("colours"), TinyModels.classify("red", "green", "blue"));
        Path zip = TinyModels.writeZip(folder.resolve("colours.zip"), "", TinyModels.classify("red", "green", "blue"));
        Session.closeShared();
        int before = Session.openings();

        for (Path location : List.of(model, zip)) {
            Dataset<Row> rows = spark.table("photos")
                    .where("id = 'red'")
                    .repartition(4)
                    .selectExpr("classify(content, '" + location + "').labels[0].label");
            assertThat(rows.first().getString(0)).isEqualTo("red");
        }

        assertThat(Session.openings() - before).isEqualTo(1);
        Dataset<Row> builtin = spark.sql("SELECT classify(content) FROM photos");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes)
                .writeObject(((org.apache.spark.sql.classic.Dataset<Row>) builtin)
                        .queryExecution()
                        .analyzed()
                        .expressions()
                        .head());
        assertThat(bytes.size()).isLessThan(30_000);
    }

    @Test
    void aConstantPhotoHasAValue() {
        assertThat(spark.sql("SELECT classify(NULL).status, classify(X'').status, faces(X'00').detail")
                        .first()
                        .mkString("|"))
                .startsWith("missing|empty|")
                .doesNotEndWith("|null");
    }

    @Test
    void cachedValuesAreNotScoredAgain() {
        COUNTED.set(0);
        Dataset<Row> cached =
                spark.sql("SELECT id, classify(counted(content)) r FROM photos").persist();
        cached.createOrReplaceTempView("cached");
        try {
            assertThat(spark.sql("SELECT r.labels FROM cached WHERE r.status = 'ok'")
                            .count())
                    .isPositive();
            assertThat(spark.sql("SELECT id FROM cached WHERE r.status <> 'ok'").count())
                    .isPositive();
        } finally {
            cached.unpersist();
        }
        assertThat(COUNTED.get()).isEqualTo(90);
    }

    @Test
    void aQueryThatWritesScoresEachPhotoOnce() {
        COUNTED.set(0);

        spark.sql("INSERT OVERWRITE DIRECTORY '" + folder.resolve("written") + "' USING parquet"
                + " SELECT r.status, r.labels FROM (SELECT classify(counted(content)) r FROM photos)"
                + " WHERE r.status = 'ok'");

        assertThat(spark.read().parquet(folder.resolve("written").toString()).count())
                .isGreaterThan(6);
        assertThat(COUNTED.get()).isEqualTo(90);
    }

    @Test
    void sparksOwnLocateStays() {
        assertThat(spark.sql("SELECT locate('b', 'abcb'), locate('b', 'abcb', 3), position('b' IN 'abc'),"
                                + " locate('b', NULL), locate(NULL, 'b')")
                        .first()
                        .mkString("|"))
                .isEqualTo("2|4|2|null|null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classify()                                   | the photo is missing",
                "classify(id)                                 | the photo must be binary, got",
                "classify(content, id)                        | the model must be a constant, got",
                "classify(content, 7)                         | the model must be a string, got 7 of type int",
                "classify(content, 'builtin:nothing')         | builtin:nothing",
                "classify(content, 'builtin:earth')           | the task of builtin:earth is locate; give a package for"
                        + " classify",
                "classify(content, NULL, 'top_k')             | the options must be a map, got",
                "classify(content, NULL, map('topk', 1))      | unknown option 'topk'; valid options: batch_size, crops,"
                        + " max_bytes, max_pixels, reducing_gap, resize, soft_labels, temperature, top_k",
                "classify(content, NULL, map('top_k', 'few')) | option top_k must be a whole number of at least 1, got"
                        + " 'few'",
                "classify(content, NULL, map('crops', 3))     | option crops must be one of [1, 5, 10], got 3",
                "classify(content, NULL, map('top_k', id))    | option top_k must be a constant, got",
                "classify(content, NULL, map(), 1)            | it takes at most 3 arguments, got 4",
                "locate(content, NULL, map('min_confidence', 2)) | option min_confidence must be from 0 to 1, got '2'",
                "embed(content, NULL, map('precision', 'double')) | option precision must be one of float, half, got"
                        + " 'double'",
                "detect(content, 'builtin:mobilenet-v2')      | give a package for detect",
                "faces(content, 'mood')                       | does not know mood; give some of",
                "faces(content, map('soft_labels', 'true'))      | soft_labels needs the list of attributes with probabilities, got none",
                "faces(content, 1, 'age')                     | an attribute must be a string, got 1 of type int",
                "faces(content, map('detector', 'builtin:coco-detector')) | give a detector with task detect and a label"
                        + " face"
            })
    void wrongArgumentsAreErrorsOfTheAnalysis(String call, String problem) {
        String function = call.substring(0, call.indexOf('('));

        assertThatThrownBy(() -> spark.sql("SELECT " + call + " FROM photos"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageStartingWith(function + ": ")
                .hasMessageContaining(problem)
                .hasMessageContaining(". Usage: " + function + "(content [, ");
    }

    @Test
    void functionsAreDescribed() {
        assertThat(spark.sql("DESCRIBE FUNCTION faces").collectAsList())
                .extracting(row -> row.getString(0))
                .anyMatch(line -> line.startsWith("Usage: faces(content [, attribute ...] [, options]) - struct of"));
    }

    private static void count(SparkSession session) {
        session.udf()
                .register(
                        "counted",
                        (UDF1<byte[], byte[]>) photo -> {
                            COUNTED.incrementAndGet();
                            return photo;
                        },
                        DataTypes.BinaryType);
    }

    private static List<String> json(Dataset<Row> rows) {
        return rows.toJSON().as(Encoders.STRING()).collectAsList();
    }
}
