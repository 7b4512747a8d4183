package io.planisphere.spark.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that are read from a job's rows.
 *
 * @param job job that makes them, with its options
 * @param needed required columns; for structs, the fields that are read
 * @param optional columns that may be missing, but must have these types if present
 */
record RowShape(String job, StructType needed, StructType optional) {
    private static final String PHOTO = "id string, uri string, status string, ";

    /**
     * Returns a shape without optional columns.
     *
     * @param columns columns besides id, uri and status, as DDL
     */
    static RowShape of(String job, String columns) {
        return new RowShape(job, StructType.fromDDL(PHOTO + columns), new StructType());
    }

    /** Returns this shape with optional columns, as DDL. */
    RowShape with(String optional) {
        return new RowShape(job, needed, StructType.fromDDL(optional));
    }

    /** Returns whether all needed columns exist, with any type. */
    boolean isNamedIn(StructType rows) {
        return Arrays.asList(rows.fieldNames()).containsAll(names());
    }

    List<String> names() {
        return Arrays.asList(needed.fieldNames());
    }

    /**
     * Returns the expected field of the first column with another type; empty if all match. All numeric types match each other.
     */
    Optional<StructField> misfit(StructType rows) {
        List<String> there = Arrays.asList(rows.fieldNames());
        return Stream.concat(Arrays.stream(needed.fields()), Arrays.stream(optional.fields()))
                .filter(column -> there.contains(column.name()))
                .filter(column ->
                        !fits(column.dataType(), rows.apply(column.name()).dataType()))
                .findFirst();
    }

    private static boolean fits(DataType wanted, DataType actual) {
        if (wanted instanceof NumericType) {
            return actual instanceof NumericType;
        }
        if (wanted instanceof ArrayType array) {
            return actual instanceof ArrayType other && fits(array.elementType(), other.elementType());
        }
        if (wanted instanceof MapType map) {
            return actual instanceof MapType other
                    && fits(map.keyType(), other.keyType())
                    && fits(map.valueType(), other.valueType());
        }
        if (wanted instanceof StructType struct) {
            return actual instanceof StructType other
                    && Arrays.stream(struct.fields())
                            .allMatch(field -> Arrays.asList(other.fieldNames()).contains(field.name())
                                    && fits(
                                            field.dataType(),
                                            other.apply(field.name()).dataType()));
        }
        return wanted.equals(actual);
    }
}
