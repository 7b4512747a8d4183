package io.planisphere.spark.plan;

/**
 * What one planning found.
 *
 * @param planned references in its chunks: photos, each of which becomes one row, or shards
 * @param bytes of the shards; 0 for photos
 * @param rejected of these, lines that name no photo
 * @param impossiblePlaces of these, photos that lost their place
 * @param alreadyPlanned references that an earlier plan holds, in inputs that changed since
 * @param repeated references that name a photo named before in the same inputs
 * @param videosSkipped videos in these inputs
 * @param otherFilesSkipped files in folders that are neither photo nor video
 */
public record PlanCounts(
        long planned,
        long bytes,
        long rejected,
        long impossiblePlaces,
        long alreadyPlanned,
        long repeated,
        long videosSkipped,
        long otherFilesSkipped) {
    public static final PlanCounts NONE = new PlanCounts(0, 0, 0, 0, 0, 0, 0, 0);
}
