/**
 * Catalog tables as outputs: atomic overwrites by batch, an id in every commit, and a fence against older runs on the same
 * output. Uses Spark's own API alone; Delta Lake and Apache Iceberg are known by their options and their SQL, so neither is
 * needed to compile or to run anything else. It does not depend on jobs, plans or the commit log.
 */
@NullMarked
package io.planisphere.spark.commit.table;

import org.jspecify.annotations.NullMarked;
