/**
 * The entry points and public API: {@code Main} for spark-submit, {@link io.planisphere.Planisphere} for custom pipelines, {@link
 * io.planisphere.PlanisphereExtensions} and {@link io.planisphere.PlanisphereCatalog} for SQL. These names are stable; the packages
 * below may change.
 */
@NullMarked
package io.planisphere;

import org.jspecify.annotations.NullMarked;
