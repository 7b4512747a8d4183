package io.planisphere.eval;

/**
 * The counts of photos and places before scoring.
 *
 * @param withheld scored photos whose row is {@code ok} but has no place
 * @param withoutUser scored photos of unknown users
 * @param withoutTruth predicted photos without a true place
 * @param withoutRow true places without a row
 * @param excluded photos with a true place that were left out because their user is excluded
 * @param onlyHere scored photos without a row in the run to compare with
 * @param onlyThere photos with a true place that have a row only in the run to compare with
 * @param nearDuplicates scored photos that resemble one of the model's gallery as its duplicate would
 */
public record MatchCounts(
        long withheld,
        long withoutUser,
        long withoutTruth,
        long withoutRow,
        long excluded,
        long onlyHere,
        long onlyThere,
        long nearDuplicates) {}
