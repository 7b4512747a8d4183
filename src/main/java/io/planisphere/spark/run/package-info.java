/**
 * One run of a job on an output: checks of options against the output, the loop over batches, retry, opt-out, verified counts,
 * {@code run.json}. How a batch is committed is in {@code spark.commit}; what a task does with its photos is in {@code
 * spark.task}.
 */
@NullMarked
package io.planisphere.spark.run;

import org.jspecify.annotations.NullMarked;
