package io.planisphere.eval;

/**
 * What did not meet before scoring, and so was not scored.
 *
 * @param withoutTruth photos with a row of which the truth says nothing
 * @param withoutPrediction photos, or pairs of them, of the truth without a row
 */
public record Unmatched(long withoutTruth, long withoutPrediction) {}
