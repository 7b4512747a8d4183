/**
 * Sources, row encoders, the incremental query and its record. The only package beside jobs that imports Spark.
 */
@NullMarked
package io.planisphere.spark;

import org.jspecify.annotations.NullMarked;
