package io.planisphere.eval;

/**
 * What became of photos and places before scoring.
 *
 * @param withheld scored photos whose row is {@code ok} but keeps its place to itself
 * @param withoutUser scored photos of unknown users
 * @param withoutTruth predicted photos without a true place
 * @param withoutPrediction true places without a row
 * @param excluded photos with a true place left out because of who took them
 * @param onlyHere scored photos that the run to compare with has no row for
 * @param onlyThere photos with a true place that only the run to compare with has a row for
 */
public record MatchCounts(
        long withheld,
        long withoutUser,
        long withoutTruth,
        long withoutPrediction,
        long excluded,
        long onlyHere,
        long onlyThere) {}
