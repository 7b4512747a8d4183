/**
 * Fits heads on embeddings with Spark's MLlib: joins rows of {@code embed} with what is known of the photos, splits them by
 * user, fits, and scores what was held out. It may use places, files and heads; it must not know a run.
 */
@NullMarked
package io.planisphere.spark.train;

import org.jspecify.annotations.NullMarked;
