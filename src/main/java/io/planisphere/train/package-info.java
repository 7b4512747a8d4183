/**
 * Trained heads as data, and complete model packages: heads with their backbone, and untrained networks. It may use packages,
 * graphs and sessions; it must not depend on Spark, which fits the heads, or on the meaning of classes: it treats cells as a
 * file.
 */
@NullMarked
package io.planisphere.train;

import org.jspecify.annotations.NullMarked;
