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
 * What is read of a job's rows.
 *
 * @param job that makes them, and with which options
 * @param needed columns; of structs the fields that are read
 * @param optional columns that need not be there, but must have these types if they are
 */
record RowShape(String job, StructType needed, StructType optional) {
    private static final String PHOTO = "id string, uri string, status string, ";

    /**
     * A shape without options.
     *
     * @param columns beside id, uri and status, as DDL
     */
    static RowShape of(String job, String columns) {
        return new RowShape(job, StructType.fromDDL(PHOTO + columns), new StructType());
    }

    /** With columns that need not be there, as DDL. */
    RowShape with(String optional) {
        return new RowShape(job, needed, StructType.fromDDL(optional));
    }

    /** Whether all needed columns are there, of whatever type. */
    boolean isNamedIn(StructType rows) {
        return Arrays.asList(rows.fieldNames()).containsAll(names());
    }

    List<String> names() {
        return Arrays.asList(needed.fieldNames());
    }

    /** The first column of another type, as it should be; empty if all fit, any number for any other. */
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
