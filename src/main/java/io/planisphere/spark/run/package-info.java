/**
 * One run of a job on an output: options checked against the output, the loop over batches, retry, opt-out, counts that must agree,
 * {@code run.json}. How a batch is committed is in {@code spark.commit}; what a task does with its photos is in {@code spark.task}.
 */
@NullMarked
package io.planisphere.spark.run;

import org.jspecify.annotations.NullMarked;
