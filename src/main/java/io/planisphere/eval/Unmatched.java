package io.planisphere.eval;

/**
 * The counts of rows and truths without a counterpart, which are not scored.
 *
 * @param withoutTruth photos with a row that are not in the ground truth
 * @param withoutRow photos, or pairs of photos, in the ground truth without a row
 */
public record Unmatched(long withoutTruth, long withoutRow) {}
