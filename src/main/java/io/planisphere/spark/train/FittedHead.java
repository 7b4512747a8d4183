package io.planisphere.spark.train;

import io.planisphere.train.KeptClasses;
import io.planisphere.train.SoftmaxHead;

/**
 * The result of fitting a head.
 *
 * @param classes classes of the head, in the order of its logits
 * @param iterations iterations of L-BFGS
 * @param objective the regularised loss at the end, per unit of weight
 * @param seconds duration of the fit
 */
public record FittedHead(SoftmaxHead head, KeptClasses classes, int iterations, double objective, double seconds) {}
