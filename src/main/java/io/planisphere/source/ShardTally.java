package io.planisphere.source;

import java.io.Serializable;

/**
 * The counts of a reader, for the job's account: every photo, every sample without a photo and every damage is one row; videos
 * and hidden files are not.
 *
 * @param photos entries with the name of a photo, readable or not
 * @param samplesWithoutPhoto samples with neither photo nor video
 * @param videosSkipped entries with the name of a video
 * @param damagedShards shards that end early or cannot be read to their end
 * @param replacedShards shards whose length differs from the plan
 */
public record ShardTally(
        long photos, long samplesWithoutPhoto, long videosSkipped, long damagedShards, long replacedShards)
        implements Serializable {
    public ShardTally(long photos, long samplesWithoutPhoto, long videosSkipped, long damagedShards) {
        this(photos, samplesWithoutPhoto, videosSkipped, damagedShards, 0);
    }

    public static final ShardTally NONE = new ShardTally(0, 0, 0, 0);

    /** Returns the number of rows of these shards. */
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
