/**
 * The work of one Spark task: shards, references or table rows in, files of rows out; its resources and its counts. It identifies
 * batches by number only; {@code spark.run} decides which ones exist. {@code spark.rows} defines the columns.
 */
@NullMarked
package io.planisphere.spark.task;

import org.jspecify.annotations.NullMarked;
