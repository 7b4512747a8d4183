/** Functions of Spark SQL: geography, and the networks of the jobs over a column of photos. */
@NullMarked
package io.planisphere.spark.function;

import org.jspecify.annotations.NullMarked;
