package io.planisphere.spark.plan;

/**
 * The totals over all plans of an output.
 *
 * @param planned photos, or shards, each planned once
 * @param bytes bytes of the shards; 0 for photos
 * @param rejected those of the planned that are lines without a photo
 * @param impossiblePlaces those of the planned whose invalid coordinates were dropped
 * @param videosSkipped videos in the inputs, counted when each input was last planned
 * @param otherFilesSkipped files in folders that are neither photo nor video, counted likewise
 */
public record PlanTotal(
        long planned, long bytes, long rejected, long impossiblePlaces, long videosSkipped, long otherFilesSkipped) {}
