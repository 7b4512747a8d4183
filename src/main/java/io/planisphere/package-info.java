/**
 * The front door: {@code Main} for spark-submit, {@link io.planisphere.Planisphere} for people who build their
 * own pipeline, {@link io.planisphere.PlanisphereExtensions} for SQL. These names stay; what is in the packages below may change.
 */
@NullMarked
package io.planisphere;

import org.jspecify.annotations.NullMarked;
