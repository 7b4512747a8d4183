package io.planisphere.spark.progress;

/**
 * What there is to do in one run of a job.
 *
 * @param photos where they are known beforehand, else 0
 * @param bytes of the shards, where photos are not known, else 0
 * @param shards where photos come in them, else 0
 */
public record Work(long photos, long bytes, long shards) {
    /** Before anything is planned, and where only reading will tell. */
    public static final Work UNKNOWN = new Work(0, 0, 0);
}
