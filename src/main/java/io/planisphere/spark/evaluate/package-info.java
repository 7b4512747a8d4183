/**
 * Tables of ground truth: reading them, counting places by cell, and joining them with predictions. This package does not depend
 * on photos or models.
 */
@NullMarked
package io.planisphere.spark.evaluate;

import org.jspecify.annotations.NullMarked;
