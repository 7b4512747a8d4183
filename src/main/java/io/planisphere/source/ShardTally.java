package io.planisphere.source;

import java.io.Serializable;

/**
 * What a reader found in shards so far, for the job's account: every photo, every sample without one and every damage is
 * one row; videos and hidden files are none.
 *
 * @param photos entries that are photos by their name, readable or not
 * @param samplesWithoutPhoto samples that hold neither photo nor video
 * @param videosSkipped entries that are videos by their name
 * @param damagedShards shards that end early or cannot be read to their end
 * @param replacedShards shards that are not as long as they were when they were planned
 */
public record ShardTally(
        long photos, long samplesWithoutPhoto, long videosSkipped, long damagedShards, long replacedShards)
        implements Serializable {
    public ShardTally(long photos, long samplesWithoutPhoto, long videosSkipped, long damagedShards) {
        this(photos, samplesWithoutPhoto, videosSkipped, damagedShards, 0);
    }

    public static final ShardTally NONE = new ShardTally(0, 0, 0, 0);

    /** Rows that these shards give. */
    public long rows() {
        return photos + samplesWithoutPhoto + damagedShards;
    }

    public ShardTally plus(ShardTally other) {
        return new ShardTally(
                photos + other.photos,
                samplesWithoutPhoto + other.samplesWithoutPhoto,
                videosSkipped + other.videosSkipped,
                damagedShards + other.damagedShards,
                replacedShards + other.replacedShards);
    }

    public ShardTally ofReplacedShard() {
        return plus(new ShardTally(0, 0, 0, 0, 1));
    }
}
