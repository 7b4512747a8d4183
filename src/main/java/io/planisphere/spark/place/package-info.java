/**
 * Tables of places: reading them, counting them into cells, and joining them with predictions. It knows neither photos nor
 * models.
 */
@NullMarked
package io.planisphere.spark.place;

import org.jspecify.annotations.NullMarked;
