/**
 * Throughput measurements of a job: each stage alone, the plain-threads baseline without Spark, and the job itself, in turns on
 * the same photos.
 */
@NullMarked
package io.planisphere.spark.benchmark;

import org.jspecify.annotations.NullMarked;
