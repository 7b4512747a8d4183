/** Scores of predictions against ground truth. Arithmetic over plain values; no Spark. */
@NullMarked
package io.planisphere.eval;

import org.jspecify.annotations.NullMarked;
