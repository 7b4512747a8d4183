/** How fast a job is: each stage alone, plain threads without Spark, and the job itself, in turns on the same photos. */
@NullMarked
package io.planisphere.spark.benchmark;

import org.jspecify.annotations.NullMarked;
