package io.planisphere.spark.plan;

/**
 * The counts of one plan.
 *
 * @param planned references in its chunks: photos, each of which gets one row, or shards
 * @param bytes bytes of the shards; 0 for photos
 * @param rejected those of the planned that are lines without a photo
 * @param impossiblePlaces those of the planned whose invalid coordinates were dropped
 * @param alreadyPlanned references that an earlier plan has, in inputs that changed since
 * @param repeated repeated references to a photo in the same inputs
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
