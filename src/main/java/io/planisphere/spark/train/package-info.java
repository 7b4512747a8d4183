/**
 * Trains heads on embeddings with Spark's MLlib: joins rows of {@code embed} with the ground truth, splits them by user, fits
 * heads, and scores them on the held-out set. It may use places, files and heads; it must not depend on runs.
 */
@NullMarked
package io.planisphere.spark.train;

import org.jspecify.annotations.NullMarked;
