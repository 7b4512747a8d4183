/**
 * The photo formats as Spark data sources, {@code webdataset} and {@code yfcc100m}, for use in any query. They wrap the readers
 * of {@code source}, and do not depend on plans, models or jobs.
 */
@NullMarked
package io.planisphere.spark.format;

import org.jspecify.annotations.NullMarked;
