package io.planisphere.spark.train;

import io.planisphere.train.KeptClasses;
import io.planisphere.train.SoftmaxHead;

/**
 * What a fit gave.
 *
 * @param classes of the head, in the order of its logits
 * @param iterations of L-BFGS
 * @param objective the regularised loss at the end, per unit of weight
 * @param seconds it took
 */
public record FittedHead(SoftmaxHead head, KeptClasses classes, int iterations, double objective, double seconds) {}
