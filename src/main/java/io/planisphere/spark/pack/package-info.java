/**
 * Packing photos into shards as a job: names, sizes, the tasks that write shards beside the rows, and the check of shards. The formats of
 * shards are in {@code io.planisphere.pack}.
 */
@NullMarked
package io.planisphere.spark.pack;

import org.jspecify.annotations.NullMarked;
