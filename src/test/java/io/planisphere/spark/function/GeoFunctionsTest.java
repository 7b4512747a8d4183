package io.planisphere.spark.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.Planisphere;
import io.planisphere.PlanisphereExtensions;
import io.planisphere.source.InputException;
import io.planisphere.spark.LocalSpark;
import java.util.Locale;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with values of {@code golden.py} in the same folder: s2sphere, and the haversine on a sphere of 6371 km. */
class GeoFunctionsTest {
    private static final SparkSession SPARK = LocalSpark.session();

    @BeforeAll
    static void register() {
        Planisphere.register(SPARK);
    }

    @ParameterizedTest
    @CsvSource({
        "40.7128, -74.0060, 0, 9",
        "40.7128, -74.0060, 4, 89d",
        "40.7128, -74.0060, 12, 89c25a3",
        "40.7128, -74.0060, 30, 89c25a220cf80969",
        "48.8584, 2.2945, 12, 47e66ff",
        "-33.8568, 151.2153, 12, 6b12ae7",
        "90, 0, 12, 5000001",
        "-90, 0, 12, b000001",
        "0, 180, 12, 6ffffff",
        "0, -180, 12, 7000001"
    })
    void aPlaceIsInItsCell(String latitude, String longitude, int level, String token) {
        // decimal and integer literals of SQL
        assertThat(value(String.format(Locale.ROOT, "s2_cell(%s, %s, %d)", latitude, longitude, level)))
                .isEqualTo(token);
        // expressions that the planner cannot evaluate beforehand, in the types of files
        assertThat(value(String.format(
                        Locale.ROOT, "s2_cell(double(%s) + rand() * 0, %s, %dL)", latitude, longitude, level)))
                .isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({"89c25, 4, 89d", "89c25, 8, 89c25", "89c259c5, 6, 89c3", "89C259C5, 6, 89c3", "b5, 0, b"})
    void aCellIsInItsParent(String token, int level, String parent) {
        assertThat(value(String.format(Locale.ROOT, "s2_parent('%s', %d)", token, level)))
                .isEqualTo(parent);
    }

    @ParameterizedTest
    @CsvSource({
        "40.7128, -74.0060, 51.5074, -0.1278, 5570.222179737958",
        "0, 179, 0, -179, 222.38985328911653",
        "0, 0, 0, 180, 20015.086796020572",
        "0, 0, 90, 0, 10007.543398010284",
        "1.5, 2.5, 1.5, 2.5, 0"
    })
    void distancesAreThoseOnASphereOf6371Km(String lat1, String lng1, String lat2, String lng2, double km) {
        assertThat((Double) value("great_circle_km(%s, %s, %s, %s)".formatted(lat1, lng1, lat2, lng2)))
                .isCloseTo(km, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s2_cell(null, 1, 2)",
                "s2_cell(1, null, 2)",
                "s2_cell(1, 2, null)",
                "s2_cell(91, 0, 4)",
                "s2_cell(0, -180.1, 4)",
                "s2_cell(double('NaN'), 0, 4)",
                "s2_cell(0, double('Infinity'), 4)",
                "s2_parent(null, 4)",
                "s2_parent('89c25', null)",
                "s2_parent('', 4)",
                "s2_parent('X', 4)",
                "s2_parent('47e6', 4)",
                "s2_parent('nowhere', 4)",
                "s2_parent('89c25', 9)",
                "great_circle_km(null, 0, 0, 0)",
                "great_circle_km(0, 0, 0, null)",
                "great_circle_km(0, 0, 90.5, 0)",
                "great_circle_km(0, double('NaN'), 0, 0)"
            })
    void invalidPlacesAndCellsGiveNull(String expression) {
        assertThat(value(expression)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s2_cell(1, 2, 31)", "s2_cell(1, 2, -1)", "s2_parent('89c25', 31)"})
    void anInvalidLevelIsNamedInTheError(String expression) {
        String function = expression.substring(0, expression.indexOf('('));

        assertThatThrownBy(() -> value(expression))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(function + ": the level must be from 0 to 30, got ");
    }

    @Test
    void invalidArgumentsAreRejectedBeforeExecution() {
        assertThatThrownBy(() -> SPARK.sql("SELECT s2_cell(1, 2)"))
                .hasMessageContaining("s2_cell takes 3 arguments (latitude, longitude, level), got 2");
        assertThatThrownBy(() -> SPARK.sql("SELECT great_circle_km(array(1), 0, 0, 0)"))
                .isInstanceOf(AnalysisException.class);
    }

    @Test
    void sessionsWithTheExtensionsHaveTheFunctions() {
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        try {
            SparkSession extended = SparkSession.builder()
                    .withExtensions(new PlanisphereExtensions())
                    .getOrCreate();

            assertThat(extended).isNotSameAs(SPARK);
            assertThat(extended.sql("SELECT s2_cell(40.7128, -74.0060, 4)")
                            .first()
                            .getString(0))
                    .isEqualTo("89d");
            assertThat(extended.sql("DESCRIBE FUNCTION s2_cell").collectAsList())
                    .extracting(row -> row.getString(0))
                    .contains("Usage: s2_cell(latitude, longitude, level) - token of the S2 cell of this level, "
                            + "0 to 30, that holds the place in degrees");
        } finally {
            SparkSession.setDefaultSession(SPARK);
            SparkSession.setActiveSession(SPARK);
        }
    }

    private static Object value(String expression) {
        Row row = SPARK.sql("SELECT " + expression).first();
        return row.get(0);
    }
}
