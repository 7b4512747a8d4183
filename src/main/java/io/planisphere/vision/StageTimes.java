package io.planisphere.vision;

/**
 * Where the time of photos went, in nanoseconds of wall clock, added up over photos.
 *
 * @param read waiting for the source
 * @param decode header and pixels
 * @param prepare resize, crop, normalise
 * @param infer the network
 */
public record StageTimes(long read, long decode, long prepare, long infer) {}
