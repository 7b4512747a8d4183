/**
 * Inputs turned into work: small Parquet files of references to photos or shards, planned once and incrementally. It knows
 * neither models nor what becomes of the photos.
 */
@NullMarked
package io.planisphere.spark.plan;

import org.jspecify.annotations.NullMarked;
