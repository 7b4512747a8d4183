/**
 * Trained heads as data, and complete model packages: what heads make with their backbone, and networks before training. It may use packages, graphs and
 * sessions; it must not know Spark, which fits the heads, nor what a class means: cells are a file to it.
 */
@NullMarked
package io.planisphere.train;

import org.jspecify.annotations.NullMarked;
