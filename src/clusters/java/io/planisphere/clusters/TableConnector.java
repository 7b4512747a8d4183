package io.planisphere.clusters;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A format of tables with the Spark that it is made for, and a catalog in a folder that several processes share. */
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
                    // tasks for the state of a table; 50 are for large ones
                    "spark.databricks.delta.snapshotPartitions",
                    "2");
        }

        /** The catalog of each process is in its memory, so that the second one must be told of the table. */
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

    /** Spark's settings. */
    abstract Map<String, String> configuration(Path folder);

    /** The command that makes the catalog of a process know what those of others have made. */
    abstract String adopt(Path folder);

    /** The command that tells all commits, with what they say about themselves. */
    abstract String history();

    String table() {
        return table;
    }

    /** Another table in the same namespace. */
    String table(String name) {
        return table.substring(0, table.lastIndexOf('.') + 1) + name;
    }

    /** What makes a table of this format. */
    String using() {
        return " USING " + name().toLowerCase(Locale.ROOT) + " ";
    }

    /** What SPARK_HOME would be. */
    Path spark() {
        return Path.of(spark).toAbsolutePath();
    }

    /** What --packages would bring. */
    Path jars() {
        return Path.of(jars).toAbsolutePath();
    }
}
