/**
 * Runs networks on photos on executors outside of a run: to measure activations, and the agreement of two networks. This package
 * depends neither on jobs nor on rows.
 */
@NullMarked
package io.planisphere.spark.quantize;

import org.jspecify.annotations.NullMarked;
