/**
 * The job that packs photos into shards: names, sizes, tasks that write shards beside the rows, and the verification of shards.
 * The formats of shards are in {@code io.planisphere.pack}.
 */
@NullMarked
package io.planisphere.spark.pack;

import org.jspecify.annotations.NullMarked;
