package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.infer.Session;
import io.planisphere.spark.LocalSpark;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls the functions of a catalog in sessions without the extension, and compares them with the registered ones, whose values
 * PhotoFunctionsTest and GeoFunctionsTest hold against the jobs and s2sphere.
 */
class PlanisphereCatalogTest {
    private static final String PHOTOS = "SELECT path, content FROM binaryFile.`src/samples/photos` UNION ALL "
            + "SELECT 'broken', CAST('no photo' AS binary) UNION ALL SELECT 'null', CAST(NULL AS binary)";

    private static final SparkSession FIRST = LocalSpark.session();

    private SparkSession plain = FIRST;

    @BeforeEach
    void openASessionWithoutFunctions() {
        plain = open(Map.of());
    }

    @AfterEach
    void clear() {
        SparkSession.clearActiveSession();
    }

    @AfterAll
    static void closeNetworks() {
        Session.closeShared();
    }

    /** Opens a session with a catalog named photos that has these settings. */
    private static SparkSession open(Map<String, String> settings) {
        SparkSession session = FIRST.newSession();
        SparkSession.setActiveSession(session);
        session.conf().set("spark.sql.catalog.photos", PlanisphereCatalog.class.getName());
        settings.forEach((key, value) -> session.conf().set("spark.sql.catalog.photos." + key, value));
        session.sql(PHOTOS).createOrReplaceTempView("samples");
        return session;
    }

    private static List<Row> rows(SparkSession session, String expression) {
        return session.sql("SELECT path, " + expression + " AS value FROM samples ORDER BY path")
                .collectAsList();
    }

    /** Returns the rows of the registered function. */
    private static List<Row> registered(String expression) {
        SparkSession session = open(Map.of());
        Planisphere.register(session);
        return rows(session, expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify", "locate", "embed", "detect", "faces"})
    void aSessionWithoutTheExtensionScoresPhotosOneByOne(String function) {
        List<Row> rows = rows(plain, "photos." + function + "(content)");

        assertThat(rows)
                .isEqualTo(registered(function + "(content)").stream()
                        .map(row -> row.get(0).equals("null") ? withDetail(row, "The photo is null") : row)
                        .toList());
    }

    /** A registered function names the column. */
    private static Row withDetail(Row row, String detail) {
        Row value = row.getStruct(1);
        Object[] values = new Object[value.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == value.fieldIndex("detail") ? detail : value.get(i);
        }
        return RowFactory.create(row.get(0), RowFactory.create(values));
    }

    @Test
    void inASessionWithTheFunctionsTheyRunInBatches() {
        SparkSession session = open(Map.of());
        Planisphere.register(session);

        String plan = session.sql("SELECT photos.classify(content).labels FROM samples")
                .queryExecution()
                .executedPlan()
                .toString();

        assertThat(plan).contains("PhotoInference");
        assertThat(rows(session, "photos.classify(content).labels"))
                .isEqualTo(rows(session, "classify(content).labels"));
    }

    @Test
    void settingsOfTheCatalogAreOptionsOfTheFunctions() {
        SparkSession session = open(Map.of(
                "classify.model",
                "builtin:mobilenet-v2-int8",
                "classify.top_k",
                "2",
                "faces.attributes",
                "age, gender",
                "faces.min_face",
                "30"));

        assertThat(rows(session, "photos.classify(content).labels"))
                .isEqualTo(registered("classify(content, 'builtin:mobilenet-v2-int8', map('top_k', 2)).labels"));
        assertThat(rows(session, "photos.faces(content).faces"))
                .isEqualTo(registered("faces(content, 'age', 'gender', map('min_face', 30)).faces"));
    }

    @Test
    void geographyIsThatOfTheRegisteredFunctions() {
        Row values = plain.sql("SELECT photos.s2_cell(40.7128, -74.0060, 12), photos.s2_parent('89c25', 4), "
                        + "photos.great_circle_km(40.7128, -74.0060, 51.5074, -0.1278), photos.s2_cell(91, 0, 3), "
                        + "photos.s2_cell(NULL, 0, 3), photos.S2_Parent(token, 4) FROM VALUES ('89c25') AS t(token)")
                .head();

        assertThat(values.getString(0)).isEqualTo("89c25a3"); // s2sphere, as in GeoFunctionsTest
        assertThat(values.getString(1)).isEqualTo("89d");
        assertThat(values.getDouble(2)).isEqualTo(5570.222179737958);
        assertThat(values.isNullAt(3)).isTrue();
        assertThat(values.isNullAt(4)).isTrue();
        assertThat(values.getString(5)).isEqualTo("89d");
    }

    @Test
    void functionsAreListed() {
        assertThat(plain.sql("SHOW USER FUNCTIONS IN photos").collectAsList().stream()
                        .map(row -> row.getString(0)))
                .contains("photos.locate", "photos.s2_cell");
    }

    @Test
    void aConstantPhotoIsScored() {
        assertThat(plain.sql("SELECT photos.classify(X'00').status").head().getString(0))
                .isEqualTo("not_an_image");
    }

    @Test
    void wrongCallsAndSettingsAreRefused() {
        refused(Map.of(), "photos.locate(content, 'builtin:earth')")
                .contains(
                        "locate: it takes the photo only; the model and options of a catalog's functions are settings, "
                                + "such as spark.sql.catalog.photos.locate.model; got 2 arguments. Usage: locate(content)");
        refused(Map.of(), "photos.locate(path)")
                .contains("locate: the photo must be binary, got type string. Usage: locate(content)");
        refused(Map.of(), "photos.s2_cell(1, 2)").contains("s2_cell: it takes 3 arguments; got 2 arguments");
        refused(Map.of(), "photos.nothing(content)").contains("photos").contains("nothing");
        refused(Map.of("locat.model", "builtin:earth"), "photos.locate(content)")
                .contains(
                        "the catalog photos: unknown setting locat.model; valid are options of classify, locate, embed, "
                                + "detect, faces");
        refused(Map.of("locate.tokp", "3"), "photos.locate(content)").contains("unknown option 'tokp'");
        refused(Map.of("locate.model", "builtin:coco-detector"), "photos.locate(content)")
                .contains("the task of builtin:coco-detector is detect");
        refused(Map.of("locate.model", "/nowhere"), "photos.locate(content)").contains("/nowhere");
    }

    private static AbstractStringAssert<?> refused(Map<String, String> settings, String call) {
        SparkSession session = open(settings);
        return assertThatThrownBy(() -> session.sql("SELECT " + call + " FROM samples"))
                .isInstanceOf(AnalysisException.class)
                .message();
    }
}
