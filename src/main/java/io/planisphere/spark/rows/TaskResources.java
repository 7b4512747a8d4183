package io.planisphere.spark.rows;

import io.planisphere.infer.Processor;

/**
 * What one task works with.
 *
 * @param processor that its networks run on
 * @param batchSize crops or faces per call of the engine
 * @param decoders threads that decode photos for a GPU; on a CPU the task decodes them itself
 */
public record TaskResources(Processor processor, int batchSize, int decoders) {}
