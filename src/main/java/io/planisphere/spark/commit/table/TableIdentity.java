package io.planisphere.spark.commit.table;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What identifies a table to other systems.
 *
 * @param nameInCatalog namespaces and name, separated by dots
 * @param location URI of its files; empty if its catalog does not say, or if it does not exist
 */
public record TableIdentity(String catalog, String nameInCatalog, Optional<String> location) {
    /** Returns the identity of {@code catalog.namespace.table}, whether or not it exists. */
    public static TableIdentity of(SparkSession spark, String name) {
        TableName table = TableName.parse(spark, name);
        return new TableIdentity(
                table.parts().get(0),
                String.join(".", table.parts().subList(1, table.parts().size())),
                RowTable.describe(spark, table)
                        .map(TableDescription::location)
                        .filter(location -> !location.isEmpty()));
    }
}
