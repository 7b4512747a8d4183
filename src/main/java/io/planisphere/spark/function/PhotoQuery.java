package io.planisphere.spark.function;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.spark.rows.JobRows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a photo function computes, without its photo: a job's rows with the call's package and options. Two calls with
 * the same {@code identity} give the same values.
 *
 * @param function name of the function
 * @param arguments its constant arguments as written in a plan, each after a comma
 * @param identity function, digests of the packages and all options
 * @param batchSize photos or faces per inference call
 * @param absent detail of the status of a null photo
 */
public record PhotoQuery(
        String function,
        String arguments,
        String identity,
        JobRows rows,
        ImageLimits limits,
        int batchSize,
        String absent)
        implements Serializable {
    /** The columns of a job's rows before the status, which a value does not have. */
    private static final int SKIPPED = JobRows.PHOTO_COLUMNS.fieldIndex("status");

    /** Returns the type of the values: the columns of the job's rows from the status on. */
    public StructType valueType() {
        StructField[] fields = rows.schema().fields();
        return new StructType(Arrays.copyOfRange(fields, SKIPPED, fields.length));
    }

    /** Returns a photo of a column, which has no name. */
    EncodedImage photo(byte @Nullable [] content) {
        return content == null
                ? new EncodedImage.Rejected("", "", Status.MISSING, absent)
                : new EncodedImage.Ok("", "", content);
    }

    /** Returns a function from a job's rows to values in Spark's internal format. */
    Function<Row, InternalRow> toValues() {
        StructType schema = rows.schema();
        scala.Function1<Object, Object> converter = CatalystTypeConverters.createToCatalystConverter(schema);
        return row -> {
            InternalRow whole = (InternalRow) converter.apply(row);
            Object[] values = new Object[schema.length() - SKIPPED];
            for (int i = 0; i < values.length; i++) {
                int column = i + SKIPPED;
                values[i] = whole.isNullAt(column)
                        ? null
                        : whole.get(column, schema.apply(column).dataType());
            }
            return new GenericInternalRow(values);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PhotoQuery query && query.identity.equals(identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return identity;
    }
}
