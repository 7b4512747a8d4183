/**
 * The photo formats as Spark data sources, {@code webdataset} and {@code yfcc100m}, for anybody's queries. They wrap the readers
 * of {@code source}; they know nothing of plans, models or jobs.
 */
@NullMarked
package io.planisphere.spark.format;

import org.jspecify.annotations.NullMarked;
