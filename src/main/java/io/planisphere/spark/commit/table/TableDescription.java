package io.planisphere.spark.commit.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/**
 * The output of {@code DESCRIBE TABLE EXTENDED}. The statement is used instead of the catalog's API, because it is the same in
 * all versions of Spark 4, whose catalog classes are not.
 *
 * @param isView whether it is a view, which cannot be written
 * @param provider provider in lower case, empty if there is none
 * @param location URI of its files, empty if there is none
 * @param partitions columns and transforms that it is partitioned by
 */
record TableDescription(boolean isView, String provider, String location, List<String> partitions) {
    TableDescription {
        partitions = List.copyOf(partitions);
    }

    static TableDescription of(List<Row> lines) {
        boolean isView = false;
        String provider = "";
        String location = "";
        List<String> partitions = new ArrayList<>();
        String section = "";
        for (Row line : lines) {
            String name = line.getString(0);
            String value = line.isNullAt(1) ? "" : line.getString(1);
            if (name.startsWith("# col_name")) {
                continue;
            }
            if (name.isEmpty() || name.startsWith("#")) {
                section = name;
                isView |= name.equals("# Detailed View Information");
            } else if (section.equals("# Partition Information")) {
                partitions.add(name);
            } else if (section.equals("# Partitioning")) {
                partitions.add(value);
            } else if (section.equals("# Detailed Table Information")) {
                isView |= name.equals("Type") && value.equals("VIEW");
                provider = name.equals("Provider") ? value.toLowerCase(Locale.ROOT) : provider;
                location = name.equals("Location") ? value : location;
            }
        }
        return new TableDescription(isView, provider, location, partitions);
    }
}
