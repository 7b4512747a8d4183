/**
 * Catalog tables as the place of a run's rows: one atomic overwrite by batch, an identity in every commit, and a fence against
 * older starts of the run. Uses Spark's own API alone; Delta Lake and Apache Iceberg are known by their options and their SQL, so
 * neither is needed to compile or to run anything else. It knows no job, no plan and no commit log.
 */
@NullMarked
package io.planisphere.spark.commit.table;

import org.jspecify.annotations.NullMarked;
