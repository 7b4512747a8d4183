package io.planisphere;

import io.planisphere.spark.function.GeoFunctions;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session of an application the SQL functions that {@link Planisphere#register} gives one:
 * {@code --conf spark.sql.extensions=io.planisphere.PlanisphereExtensions}.
 *
 * <ul>
 *   <li>{@code s2_cell(latitude, longitude, level)}: token of the S2 cell of this level, 0 to 30, that holds the place in
 *       degrees; null where there is no such place
 *   <li>{@code s2_parent(token, level)}: token of the cell of this level that holds the cell; null if that cell is larger, or if
 *       the token is none
 *   <li>{@code great_circle_km(latitude1, longitude1, latitude2, longitude2)}: kilometres between two places in degrees, on a
 *       sphere of 6371 km; null unless there are both
 * </ul>
 *
 * <p>With a null, all three are null. A level outside 0 to 30 fails the query with a message that names it.
 */
public final class PlanisphereExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** For Spark, which makes it by its name. */
    public PlanisphereExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        GeoFunctions.inject(extensions);
        return BoxedUnit.UNIT;
    }
}
