package io.planisphere.spark.function;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * A photo function of a catalog, whose package and options are settings of the catalog. Spark evaluates it photo by photo; {@link
 * ExtractPhotoFunctions} makes a {@link PhotoFunction} of it, which runs in batches.
 */
final class CatalogPhotoFunction implements ScalarFunction<InternalRow> {
    private static final long serialVersionUID = 1;

    private final PhotoQuery query;
    private final RowByRow evaluation;

    CatalogPhotoFunction(PhotoQuery query) {
        this.query = query;
        evaluation = new RowByRow(query);
    }

    PhotoQuery query() {
        return query;
    }

    @Override
    public String name() {
        return query.function();
    }

    @Override
    public String canonicalName() {
        return "planisphere." + query.identity();
    }

    @Override
    public DataType[] inputTypes() {
        return new DataType[] {DataTypes.BinaryType};
    }

    @Override
    public DataType resultType() {
        return query.valueType();
    }

    /** A null photo has a value too, with the status missing. */
    @Override
    public boolean isResultNullable() {
        return false;
    }

    @Override
    public InternalRow produceResult(InternalRow input) {
        return evaluation.value(input.isNullAt(0) ? null : input.getBinary(0));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CatalogPhotoFunction function && function.query.equals(query);
    }

    @Override
    public int hashCode() {
        return query.hashCode();
    }
}
