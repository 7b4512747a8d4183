package io.planisphere.spark.rows;

import io.planisphere.infer.Processor;

/**
 * The resources of one task.
 *
 * @param processor processor that its networks run on
 * @param batchSize crops or faces per inference call
 * @param decoders threads that decode photos for a GPU; on a CPU the task decodes them itself
 */
public record TaskResources(Processor processor, int batchSize, int decoders) {}
