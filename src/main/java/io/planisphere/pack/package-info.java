/**
 * Shards, written and checked: photos with what is known about them become tars, SequenceFiles or Parquet. Knows nothing of
 * Spark, nor of where the photos came from.
 */
@NullMarked
package io.planisphere.pack;

import org.jspecify.annotations.NullMarked;
