package io.planisphere.vision;

/**
 * The wall-clock time of each stage in nanoseconds, summed over photos.
 *
 * @param read waiting for the source
 * @param decode header and pixels
 * @param prepare resize, crop, normalise
 * @param infer the network
 */
public record StageTimes(long read, long decode, long prepare, long infer) {}
