/**
 * The rows of each job: their schema, and how predictions become rows. Also the passes over all rows at the end of a run, such as
 * albums. This package does not depend on files or tasks.
 */
@NullMarked
package io.planisphere.spark.rows;

import org.jspecify.annotations.NullMarked;
