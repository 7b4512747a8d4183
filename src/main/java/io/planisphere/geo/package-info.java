/**
 * Places on the sphere, PlaNet's partition of it into S2 cells, and these cells as polygons on maps. Pure arithmetic: no Spark,
 * and no files except cell lists and GeoJSON.
 */
@NullMarked
package io.planisphere.geo;

import org.jspecify.annotations.NullMarked;
