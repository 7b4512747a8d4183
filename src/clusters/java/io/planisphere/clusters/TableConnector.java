package io.planisphere.clusters;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A table format with the Spark version that it supports, and a catalog in a folder that several processes share. */
enum TableConnector {
    DELTA("spark_catalog.default.places", "target/spark", "target/tables/delta") {
        @Override
        Map<String, String> configuration(Path folder) {
            return Map.of(
                    "spark.sql.extensions",
                    "io.delta.sql.DeltaSparkSessionExtension",
                    "spark.sql.catalog.spark_catalog",
                    "org.apache.spark.sql.delta.catalog.DeltaCatalog",
                    "spark.sql.warehouse.dir",
                    folder.resolve("warehouse").toString(),
                    // tasks that read the state of a table; the default of 50 is for large tables
                    "spark.databricks.delta.snapshotPartitions",
                    "2");
        }

        /** Each process has its catalog in memory, so the second one must register the table. */
        @Override
        String adopt(Path folder) {
            return "sql CREATE TABLE IF NOT EXISTS " + table() + " USING delta LOCATION '"
                    + folder.resolve("warehouse/places") + "'";
        }

        @Override
        String history() {
            return "sql DESCRIBE HISTORY " + table();
        }
    },
    ICEBERG("ice.photos.places", "target/spark-4.1", "target/tables/iceberg") {
        @Override
        Map<String, String> configuration(Path folder) {
            return Map.of(
                    "spark.sql.catalog.ice",
                    "org.apache.iceberg.spark.SparkCatalog",
                    "spark.sql.catalog.ice.type",
                    "jdbc",
                    "spark.sql.catalog.ice.uri",
                    "jdbc:sqlite:" + folder.resolve("catalog.db"),
                    "spark.sql.catalog.ice.warehouse",
                    folder.resolve("warehouse").toString(),
                    "spark.sql.warehouse.dir",
                    folder.resolve("spark-warehouse").toString());
        }

        @Override
        String adopt(Path folder) {
            return "sql CREATE NAMESPACE IF NOT EXISTS ice.photos";
        }

        @Override
        String history() {
            return "sql SELECT to_json(summary) FROM " + table() + ".snapshots";
        }
    };

    private final String table;
    private final String spark;
    private final String jars;

    TableConnector(String table, String spark, String jars) {
        this.table = table;
        this.spark = spark;
        this.jars = jars;
    }

    /** Returns Spark's settings. */
    abstract Map<String, String> configuration(Path folder);

    /** Returns the command that registers tables of other processes in the catalog of a process. */
    abstract String adopt(Path folder);

    /** Returns the command that lists all commits with their metadata. */
    abstract String history();

    String table() {
        return table;
    }

    /** Returns the name of another table in the same namespace. */
    String table(String name) {
        return table.substring(0, table.lastIndexOf('.') + 1) + name;
    }

    /** Returns the SQL clause that creates a table of this format. */
    String using() {
        return " USING " + name().toLowerCase(Locale.ROOT) + " ";
    }

    /** Returns the folder to which SPARK_HOME would point. */
    Path spark() {
        return Path.of(spark).toAbsolutePath();
    }

    /** Returns the jars that {@code --packages} would provide. */
    Path jars() {
        return Path.of(jars).toAbsolutePath();
    }
}
