package io.planisphere.spark.commit.table;

import io.planisphere.source.InputException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The name of a table: catalog, one or more namespaces, table.
 *
 * @param parts the parts, without quotation marks
 */
record TableName(List<String> parts) {
    private static final String SESSION_CATALOG = "spark_catalog";

    TableName {
        parts = List.copyOf(parts);
    }

    /** Parses a name as SQL does, and checks that its catalog is configured. */
    static TableName parse(SparkSession spark, String name) {
        List<String> parts;
        try {
            parts = CollectionConverters.asJava(spark.sessionState().sqlParser().parseMultipartIdentifier(name));
        } catch (ParseException e) {
            throw new InputException(
                    "Table name %s cannot be read; write catalog.namespace.table, parts with other than letters, "
                                    .formatted(name)
                            + "digits and _ in backquotes");
        }
        if (parts.size() < 3) {
            throw new InputException(
                    "Table name %s names no catalog; write catalog.namespace.table, for the session catalog "
                                    .formatted(name)
                            + SESSION_CATALOG + ".namespace.table");
        }
        TableName parsed = new TableName(parts);
        if (!parsed.isOfSessionCatalog() && !spark.conf().contains("spark.sql.catalog." + parts.get(0))) {
            throw new InputException(
                    "Catalog %s of table %s is not configured; set it with --conf spark.sql.catalog.%s=CLASS"
                            .formatted(parts.get(0), name, parts.get(0)));
        }
        return parsed;
    }

    boolean isOfSessionCatalog() {
        return parts.get(0).toLowerCase(Locale.ROOT).equals(SESSION_CATALOG);
    }

    /** Returns the name quoted for SQL. */
    String quoted() {
        return parts.stream().map(part -> "`" + part.replace("`", "``") + "`").collect(Collectors.joining("."));
    }

    /** Returns the name for messages. */
    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
