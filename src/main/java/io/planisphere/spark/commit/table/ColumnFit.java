package io.planisphere.spark.commit.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks whether the columns of a table can hold a run's rows: each row column by name and type, and {@code batch BIGINT}, all
 * nullable, in any order. A table may have more columns; they must be nullable and are written as null.
 */
final class ColumnFit {
    /** Maximum number of differences that a message lists. */
    private static final int NAMED = 3;

    private ColumnFit() {}

    /**
     * Returns the reason why the table cannot hold the rows; empty if it can.
     *
     * @param table columns of the table
     * @param expected columns of the rows, with batch
     */
    static Optional<String> misfit(StructType table, StructType expected) {
        List<String> differences = new ArrayList<>();
        List<String> names = Arrays.asList(table.fieldNames());
        for (StructField wanted : expected.fields()) {
            if (!names.contains(wanted.name())) {
                differences.add(
                        "column " + wanted.name() + " " + wanted.dataType().sql() + " is missing");
                continue;
            }
            StructField found = table.fields()[names.indexOf(wanted.name())];
            if (!takes(found.dataType(), wanted.dataType())) {
                differences.add(
                        "column " + wanted.name() + " is " + found.dataType().sql() + " instead of "
                                + wanted.dataType().sql());
            } else if (!found.nullable()) {
                differences.add("column " + wanted.name() + " is not nullable");
            }
        }
        List<String> known = Arrays.asList(expected.fieldNames());
        for (StructField more : table.fields()) {
            if (!known.contains(more.name()) && !more.nullable()) {
                differences.add("column " + more.name() + ", which no row has, is not nullable");
            }
        }
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        int unnamed = differences.size() - NAMED;
        return Optional.of(String.join("; ", differences.subList(0, Math.min(NAMED, differences.size())))
                + (unnamed > 0 ? "; and " + unnamed + " more" : ""));
    }

    private static boolean takes(DataType table, DataType row) {
        // Iceberg has no smaller integer types
        if (row instanceof ByteType || row instanceof ShortType) {
            return table.equals(row) || table.equals(DataTypes.IntegerType);
        }
        if (table instanceof ArrayType to && row instanceof ArrayType from) {
            return (to.containsNull() || !from.containsNull()) && takes(to.elementType(), from.elementType());
        }
        if (table instanceof MapType to && row instanceof MapType from) {
            return (to.valueContainsNull() || !from.valueContainsNull())
                    && takes(to.keyType(), from.keyType())
                    && takes(to.valueType(), from.valueType());
        }
        if (table instanceof StructType to && row instanceof StructType from) {
            if (!Arrays.equals(to.fieldNames(), from.fieldNames())) {
                return false;
            }
            for (int i = 0; i < to.length(); i++) {
                StructField toField = to.fields()[i];
                StructField fromField = from.fields()[i];
                if ((!toField.nullable() && fromField.nullable()) || !takes(toField.dataType(), fromField.dataType())) {
                    return false;
                }
            }
            return true;
        }
        return table.equals(row);
    }
}
