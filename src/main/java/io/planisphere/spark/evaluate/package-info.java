/**
 * Tables of places and of what photos show: reading them, counting places into cells, and joining them with predictions. It
 * knows neither photos nor models.
 */
@NullMarked
package io.planisphere.spark.evaluate;

import org.jspecify.annotations.NullMarked;
