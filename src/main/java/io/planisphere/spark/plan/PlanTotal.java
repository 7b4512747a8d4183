package io.planisphere.spark.plan;

/**
 * What all plans of an output hold together.
 *
 * @param planned photos, or shards, each planned once
 * @param bytes of the shards; 0 for photos
 * @param rejected of the planned, lines that name no photo
 * @param impossiblePlaces of the planned, photos that lost their place
 * @param videosSkipped videos in the inputs, each input as it was last planned
 * @param otherFilesSkipped files in folders that are neither photo nor video, likewise
 */
public record PlanTotal(
        long planned, long bytes, long rejected, long impossiblePlaces, long videosSkipped, long otherFilesSkipped) {}
