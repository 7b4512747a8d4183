/**
 * Trained heads as data, and the complete model package that they make with their backbone. It may use packages, graphs and
 * sessions; it must not know Spark, which fits the heads, nor what a class means: cells are a file to it.
 */
@NullMarked
package io.planisphere.train;

import org.jspecify.annotations.NullMarked;
