/**
 * Places on the sphere and PlaNet's partition of it into S2 cells. Pure arithmetic: no Spark, no files but the cell list.
 */
@NullMarked
package io.planisphere.geo;

import org.jspecify.annotations.NullMarked;
