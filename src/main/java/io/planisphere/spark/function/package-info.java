/** Geography as functions of Spark SQL. */
@NullMarked
package io.planisphere.spark.function;

import org.jspecify.annotations.NullMarked;
