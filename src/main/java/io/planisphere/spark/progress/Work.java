package io.planisphere.spark.progress;

/**
 * The total work of one run of a job.
 *
 * @param photos number of photos if known beforehand, else 0
 * @param bytes bytes of the shards if the number of photos is unknown, else 0
 * @param shards number of shards if photos are in shards, else 0
 */
public record Work(long photos, long bytes, long shards) {
    /** Unknown work: before planning, and where it is known only after reading. */
    public static final Work UNKNOWN = new Work(0, 0, 0);
}
