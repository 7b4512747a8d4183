/**
 * An inference run on Spark: the incremental query, tasks, rows, retry, and the record of it all. What it stands on has
 * packages of its own below: formats, functions, plan, places, files. With {@code jobs} and the front door the only place that
 * imports Spark.
 */
@NullMarked
package io.planisphere.spark;

import org.jspecify.annotations.NullMarked;
