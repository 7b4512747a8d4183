package io.planisphere.spark.commit.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.source.InputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table at a point in time: a version of Delta Lake, a snapshot of Apache Iceberg.
 *
 * @param name {@code catalog.namespace.table}
 * @param version version or snapshot id in the table's format; empty for a table without history
 */
public record TableSnapshot(String name, String version) {
    /** Operations of Delta Lake that leave all rows unchanged. */
    private static final List<String> DELTA_MAINTENANCE = List.of(
            "OPTIMIZE",
            "VACUUM START",
            "VACUUM END",
            "SET TBLPROPERTIES",
            "UNSET TBLPROPERTIES",
            "ADD COLUMNS",
            "ADD CONSTRAINT",
            "COMPUTE STATS");

    /**
     * Returns the current snapshot of the table.
     *
     * @throws InputException if there is no such table
     */
    public static TableSnapshot current(SparkSession spark, String name) {
        RowTable.read(spark, name); // throws if the table does not exist
        TableName table = TableName.parse(spark, name);
        return new TableSnapshot(
                name,
                switch (provider(spark, table)) {
                    case "delta" ->
                        Long.toString(spark.sql("DESCRIBE HISTORY " + table.quoted() + " LIMIT 1")
                                .select(col("version").cast("bigint"))
                                .head()
                                .getLong(0));
                    case "iceberg" ->
                        spark
                                .sql("SELECT snapshot_id FROM " + table.quoted() + ".refs WHERE name = 'main'")
                                .collectAsList()
                                .stream()
                                .map(row -> Long.toString(row.getLong(0)))
                                .findFirst()
                                .orElse(""); // nothing was written yet
                    default -> "";
                });
    }

    private static String provider(SparkSession spark, TableName table) {
        return RowTable.describe(spark, table)
                .filter(described -> !described.isView())
                .map(TableDescription::provider)
                .orElse("");
    }

    /**
     * Returns all rows of the snapshot.
     *
     * @throws InputException if the table no longer keeps them
     */
    public Dataset<Row> rows(SparkSession spark) {
        if (version.isEmpty()) {
            return RowTable.read(spark, name);
        }
        TableName table = TableName.parse(spark, name);
        try {
            spark.catalog().refreshTable(table.quoted());
            return spark.sql("SELECT * FROM " + table.quoted() + " VERSION AS OF " + version);
        } catch (Exception e) {
            // Scala does not declare checked exceptions, and each format throws its own
            throw gone(RowTable.firstLine(e));
        }
    }

    private InputException gone(String why) {
        return new InputException(
                ("Table %s no longer has its snapshot %s, of which photos were planned (%s). Those that "
                                + "have no rows yet cannot be read; plan what is there now into another --output")
                        .formatted(name, version, why));
    }

    /**
     * Throws if the files of the snapshot are gone although the table still lists it.
     *
     * @param failure failure of a job that has read the snapshot
     * @throws InputException if the files are gone
     */
    public void refuseIfGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // failures from executors carry only text
            String message = String.valueOf(cause.getMessage());
            if (message.contains("FILE_NOT_EXIST")
                    || message.contains("org.apache.iceberg.exceptions.NotFoundException")
                    || message.contains("java.io.FileNotFoundException")) {
                throw gone("its files were removed");
            }
        }
    }

    /**
     * Returns whether rows were only added since an earlier snapshot; empty if unknown, for example because its history does not
     * go back so far.
     */
    public Optional<Boolean> hasOnlyGrownSince(SparkSession spark, TableSnapshot earlier) {
        TableName table = TableName.parse(spark, name);
        return switch (provider(spark, table)) {
            case "delta" -> onlyGrown(spark.sql("DESCRIBE HISTORY " + table.quoted()), earlier, deltaKeepsRows());
            case "iceberg" ->
                onlyGrown(
                        spark.sql("SELECT made_current_at AS at, snapshot_id, operation FROM " + table.quoted()
                                + ".history JOIN " + table.quoted()
                                + ".snapshots USING (snapshot_id) WHERE is_current_ancestor"),
                        earlier,
                        col("operation").isin("append", "replace"));
            default -> Optional.empty();
        };
    }

    private static Column deltaKeepsRows() {
        Column appends = col("operation")
                .isin("WRITE", "STREAMING UPDATE")
                .and(col("operationParameters")
                        .getItem("mode")
                        .equalTo("Append")
                        .or(col("operationParameters").getItem("outputMode").equalTo("Append")));
        return appends.or(col("operation").isin(DELTA_MAINTENANCE.toArray()));
    }

    private Optional<Boolean> onlyGrown(Dataset<Row> history, TableSnapshot earlier, Column keepsRows) {
        boolean isDelta = List.of(history.columns()).contains("version");
        Column at = isDelta ? col("version") : col("at");
        Column isEarlier = (isDelta ? col("version") : col("snapshot_id")).equalTo(Long.parseLong(earlier.version));
        List<Row> since = history.where(isEarlier).select(at).collectAsList();
        if (since.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(history.where(at.gt(lit(since.get(0).get(0))))
                .where(keepsRows.isNull().or(keepsRows.equalTo(false)))
                .isEmpty());
    }
}
