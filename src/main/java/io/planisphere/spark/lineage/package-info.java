/**
 * Lineage of jobs: which run read and wrote which data sets, with which model, sent as OpenLineage events where the configuration
 * names a receiver. No job's result depends on it. The only package that imports the OpenLineage client.
 */
@NullMarked
package io.planisphere.spark.lineage;

import org.jspecify.annotations.NullMarked;
