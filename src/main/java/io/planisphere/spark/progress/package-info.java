/** Progress of a run: reported by its tasks, summed on the driver, shown on the terminal and in Spark's metrics. */
@NullMarked
package io.planisphere.spark.progress;

import org.jspecify.annotations.NullMarked;
