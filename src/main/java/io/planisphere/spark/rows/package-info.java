/**
 * The rows of each job: their schema, and how predictions become rows. Also what is done to all rows at the end of a run, such as albums.
 * Neither files nor tasks belong here.
 */
@NullMarked
package io.planisphere.spark.rows;

import org.jspecify.annotations.NullMarked;
