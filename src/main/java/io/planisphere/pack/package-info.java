/**
 * Writes and verifies shards: tars, SequenceFiles or Parquet files of photos with their metadata. This package does not depend on
 * Spark or on the sources of photos.
 */
@NullMarked
package io.planisphere.pack;

import org.jspecify.annotations.NullMarked;
