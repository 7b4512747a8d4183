package io.planisphere;

import io.planisphere.spark.function.GeoFunctions;
import io.planisphere.spark.function.PhotoFunctions;
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
 * <p>These three return null if an argument is null. A level outside 0 to 30 fails the query with a message that names it.
 *
 * <p>And the networks of the jobs over a binary column with encoded photos:
 *
 * <ul>
 *   <li>{@code classify(content [, model [, options]])}, {@code locate(…)}, {@code embed(…)} and {@code detect(…)}
 *   <li>{@code faces(content [, attribute ...] [, options])}
 * </ul>
 *
 * <p>Each returns a struct with {@code status, detail, width, height} and the columns of the job's rows. A null or broken photo has
 * a status other than {@code ok}, and never fails the query. The model is a constant, the location of a package, by default that of
 * the job; options are a constant map, named like those of the job with underscores. {@code locate(substr, str [, pos])} with
 * strings stays Spark's own function.
 */
public final class PlanisphereExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** Creates the extension; Spark calls this by reflection. */
    public PlanisphereExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        GeoFunctions.inject(extensions);
        PhotoFunctions.inject(extensions);
        return BoxedUnit.UNIT;
    }
}
