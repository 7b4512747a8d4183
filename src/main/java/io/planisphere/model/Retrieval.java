package io.planisphere.model;

import java.util.Set;

/**
 * How a geolocator uses its gallery ({@code manifest.json}, {@code gallery}); fitted on held-out users. A photo's place is that
 * which its nearest neighbours in the likely cells agree on, or else the one that the cells give.
 *
 * @param backbone SHA-256 of the package whose network made the gallery's embeddings
 * @param cellsShare share of the probability that the searched cells hold together, above 0 to 1
 * @param neighbours number of neighbours that are asked, 1 to 64
 * @param withinKm distance from the nearest neighbour within which another one agrees
 * @param minSimilarity least similarity of the nearest neighbour, −1 to 1
 * @param radiusKm radius that holds half of the photos placed by neighbours
 * @param radius90Km radius that holds 90 % of the photos placed by neighbours
 */
public record Retrieval(
        String backbone,
        double cellsShare,
        int neighbours,
        double withinKm,
        double minSimilarity,
        double radiusKm,
        double radius90Km) {
    /** The key of the manifest. */
    public static final String KEY = "gallery";

    /** The key of {@link #backbone}. */
    public static final String BACKBONE = "backbone";

    /** The key of {@link #cellsShare}. */
    public static final String CELLS_SHARE = "cells_share";

    /** The key of {@link #neighbours}. */
    public static final String NEIGHBOURS = "neighbours";

    /** The key of {@link #withinKm}. */
    public static final String WITHIN_KM = "within_km";

    /** The key of {@link #minSimilarity}. */
    public static final String MIN_SIMILARITY = "min_similarity";

    /** The key of {@link #radiusKm}. */
    public static final String RADIUS_KM = "radius_km";

    /** The key of {@link #radius90Km}. */
    public static final String RADIUS90_KM = "radius90_km";

    private static final int MOST_NEIGHBOURS = 64;

    /** @param given the value of the key */
    static Retrieval of(JsonObject given) {
        given.allowOnly(Set.of(BACKBONE, CELLS_SHARE, NEIGHBOURS, WITHIN_KM, MIN_SIMILARITY, RADIUS_KM, RADIUS90_KM));
        String backbone = given.text(BACKBONE);
        if (!backbone.matches("[0-9a-f]{64}")) {
            throw given.problem(BACKBONE, "must be a SHA-256 in lower-case hexadecimal, 64 characters");
        }
        double share = given.number(CELLS_SHARE);
        if (!(share > 0 && share <= 1)) {
            throw given.problem(CELLS_SHARE, "must be above 0, to 1");
        }
        int neighbours = given.wholeNumber(NEIGHBOURS, 1);
        if (neighbours > MOST_NEIGHBOURS) {
            throw given.problem(NEIGHBOURS, "must be 1 to " + MOST_NEIGHBOURS);
        }
        for (String distance : new String[] {WITHIN_KM, RADIUS_KM, RADIUS90_KM}) {
            if (given.number(distance) < 0) {
                throw given.problem(distance, "must be 0 or more");
            }
        }
        return new Retrieval(
                backbone,
                share,
                neighbours,
                given.number(WITHIN_KM),
                given.number(MIN_SIMILARITY),
                given.number(RADIUS_KM),
                given.number(RADIUS90_KM));
    }
}
