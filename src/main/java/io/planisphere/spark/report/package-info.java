/**
 * Computes the data of a run's report from its rows: counts on the executors, and a bounded number of photos as examples for a
 * run of any size. {@code io.planisphere.report} makes the page.
 */
@NullMarked
package io.planisphere.spark.report;

import org.jspecify.annotations.NullMarked;
