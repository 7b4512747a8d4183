/**
 * What a run's page shows, computed from its rows: counted on the executors, a bounded number of photos as examples, whatever the
 * size of the run. How the page looks is {@code io.planisphere.report}'s matter.
 */
@NullMarked
package io.planisphere.spark.report;

import org.jspecify.annotations.NullMarked;
