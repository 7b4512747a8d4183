package io.planisphere.spark.function;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** A function of geography in a catalog; null if an argument is null. */
@SuppressWarnings("ArrayRecordComponent") // Spark asks for an array; nothing compares these records
record CatalogGeoFunction(String name, DataType[] inputTypes, DataType resultType) implements ScalarFunction<Object> {
    @Override
    public String canonicalName() {
        return "planisphere." + name;
    }

    @Override
    public @Nullable Object produceResult(InternalRow row) {
        for (int i = 0; i < inputTypes.length; i++) {
            if (row.isNullAt(i)) {
                return null;
            }
        }
        return switch (name) {
            case GeoFunctions.S2_CELL -> GeoValues.s2Cell(row.getDouble(0), row.getDouble(1), row.getInt(2));
            case GeoFunctions.S2_PARENT -> GeoValues.s2Parent(row.getUTF8String(0), row.getInt(1));
            case GeoFunctions.GREAT_CIRCLE_KM ->
                GeoValues.greatCircleKm(row.getDouble(0), row.getDouble(1), row.getDouble(2), row.getDouble(3));
            default -> throw new IllegalStateException(name);
        };
    }
}
