/**
 * What one Spark task does: shards, references or table rows in, files of rows out; its resources and its counts. It knows batches by
 * their number only; which ones there are is decided in {@code spark.run}. What the columns mean is known in {@code spark.rows}.
 */
@NullMarked
package io.planisphere.spark.task;

import org.jspecify.annotations.NullMarked;
