/**
 * Inputs turned into work: small Parquet files of references to photos or shards, planned once and incrementally. It does not
 * depend on models or on the rows made from the photos.
 */
@NullMarked
package io.planisphere.spark.plan;

import org.jspecify.annotations.NullMarked;
