package io.planisphere;

import io.planisphere.spark.function.GeoFunctions;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Registers, for every session of an application, the SQL functions that {@link Planisphere#register} registers for one: {@code
 * --conf spark.sql.extensions=io.planisphere.PlanisphereExtensions}.
 *
 * <ul>
 *   <li>{@code s2_cell(latitude, longitude, level)}: token of the S2 cell of this level, 0 to 30, that contains the place in
 *       degrees; null where the coordinates are invalid
 *   <li>{@code s2_parent(token, level)}: token of the cell of this level that contains the given cell; null if the given cell is
 *       larger than that level, or if the token is invalid
 *   <li>{@code great_circle_km(latitude1, longitude1, latitude2, longitude2)}: kilometres between two places in degrees, on a
 *       sphere of radius 6371 km; null unless both are valid
 * </ul>
 *
 * <p>All three return null if an argument is null. A level outside 0 to 30 fails the query with a message that names it.
 */
public final class PlanisphereExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** Creates the extension; Spark calls this by reflection. */
    public PlanisphereExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        GeoFunctions.inject(extensions);
        return BoxedUnit.UNIT;
    }
}
