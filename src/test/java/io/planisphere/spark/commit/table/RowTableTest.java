package io.planisphere.spark.commit.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.InputException;
import io.planisphere.spark.LocalSpark;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which names and tables are rejected, to the extent possible in a Spark without connectors. TableIT tests the rest. */
class RowTableTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType ROWS = StructType.fromDDL("id STRING, width INT");
    private static final String RUN = "3f0c2e5e-95b5-4f0e-8e5c-0c6b1d6a7a11";

    @BeforeAll
    static void makeTables() {
        SPARK.conf().set("spark.sql.catalog.broken", "com.example.NoSuchCatalog");
        SPARK.sql("CREATE DATABASE rowtables");
        SPARK.sql(
                "CREATE TABLE rowtables.parquet (id STRING, width INT, batch BIGINT) USING parquet PARTITIONED BY (batch)");
        SPARK.sql("CREATE TABLE rowtables.csv (id STRING, width INT, batch BIGINT) USING csv");
        SPARK.sql("CREATE TABLE rowtables.other (name STRING) USING parquet");
        SPARK.sql("CREATE VIEW rowtables.view AS SELECT * FROM rowtables.parquet");
        SPARK.sql("INSERT INTO rowtables.parquet VALUES ('a', 1, 0), ('b', 2, null), (null, null, -1)");
    }

    @AfterAll
    static void dropTables() {
        SPARK.sql("DROP DATABASE rowtables CASCADE");
        SPARK.conf().unset("spark.sql.catalog.broken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b | Table name a b cannot be read; write catalog.namespace.table, parts with other than letters, digits and _ in "
                        + "backquotes",
                "rowtables.parquet | Table name rowtables.parquet names no catalog; write catalog.namespace.table, for the session "
                        + "catalog spark_catalog.namespace.table",
                "lake.photos.places | Catalog lake of table lake.photos.places is not configured; set it with "
                        + "--conf spark.sql.catalog.lake=CLASS",
                "broken.photos.places | Table broken.photos.places cannot be read: Cannot find catalog plugin class for catalog "
                        + "'broken': com.example.NoSuchCatalog.; check --packages and the settings of catalog broken",
                "spark_catalog.rowtables.view | spark_catalog.rowtables.view is a view, and rows cannot be written to it; give a "
                        + "table",
                "spark_catalog.rowtables.parquet | Table spark_catalog.rowtables.parquet (parquet) cannot overwrite rows by a "
                        + "filter; give a table of Delta Lake or Apache Iceberg, through the catalog of its format, docs/tables.md",
                "spark_catalog.rowtables.csv | Table spark_catalog.rowtables.csv (csv) cannot overwrite rows by a filter; give a "
                        + "table of Delta Lake or Apache Iceberg, through the catalog of its format, docs/tables.md",
                "spark_catalog.rowtables.other | Table spark_catalog.rowtables.other cannot take the rows: column id STRING is "
                        + "missing; column width INT is missing; column batch BIGINT is missing; give a table with these columns, or "
                        + "one that does not exist yet",
                "spark_catalog.rowtables.absent | Table spark_catalog.rowtables.absent cannot be created: the session catalog makes "
                        + "tables that cannot overwrite rows by a filter; use a catalog of Delta Lake or Apache Iceberg, "
                        + "docs/tables.md"
            })
    void unsuitableTablesAreRejectedAndNotCreated(String name, String message) {
        List<String> before = tables();

        assertThatThrownBy(() -> RowTable.open(SPARK, name, ROWS, RUN))
                .isInstanceOf(InputException.class)
                .hasMessage(message);

        assertThat(tables()).isEqualTo(before);
    }

    @Test
    void readingAMissingTableFails() {
        assertThatThrownBy(() -> RowTable.read(SPARK, "spark_catalog.absent.places"))
                .isInstanceOf(InputException.class)
                .hasMessage("Table spark_catalog.absent.places does not exist; see SHOW TABLES, and check its name");
    }

    @Test
    void tablesAndViewsAreReadWithoutFenceRows() {
        for (String name : List.of("spark_catalog.rowtables.parquet", "`spark_catalog`.rowtables.view")) {
            assertThat(RowTable.read(SPARK, name).collectAsList())
                    .extracting(row -> row.getString(0))
                    .containsExactlyInAnyOrder("a", "b");
        }
        assertThat(RowTable.read(SPARK, "spark_catalog.rowtables.other").count())
                .isZero();
    }

    private static List<String> tables() {
        return SPARK.sql("SHOW TABLES IN rowtables").collectAsList().stream()
                .map(row -> row.getString(1))
                .sorted()
                .toList();
    }
}
