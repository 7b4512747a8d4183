package io.planisphere.model;

import java.util.Set;

/**
 * How a geolocator's probabilities become a place and two radii; fitted on held-out users ({@code manifest.json}, {@code
 * decoding}).
 *
 * @param meanWithinKm the place is the mean of the cells within this distance of the most probable one, weighted by probability;
 *     0 for the most probable cell alone
 * @param radiusScale factor of the radius that holds half of the probability, so that it holds half of the photos
 * @param radius90Scale factor of the radius that holds 90 % of the probability, so that it holds 90 % of the photos
 */
public record Decoding(double meanWithinKm, double radiusScale, double radius90Scale) {
    /** The place of the most probable cell, and the radii of the probabilities alone. */
    public static final Decoding NONE = new Decoding(0, 1, 1);

    /** The key of the manifest. */
    public static final String KEY = "decoding";

    /** The key of {@link #meanWithinKm}. */
    public static final String MEAN_WITHIN_KM = "mean_within_km";

    /** The key of {@link #radiusScale}. */
    public static final String RADIUS_SCALE = "radius_scale";

    /** The key of {@link #radius90Scale}. */
    public static final String RADIUS90_SCALE = "radius90_scale";

    /** @param json the whole manifest */
    static Decoding of(JsonObject json) {
        if (!json.has(KEY)) {
            return NONE;
        }
        JsonObject given = json.object(KEY);
        given.allowOnly(Set.of(MEAN_WITHIN_KM, RADIUS_SCALE, RADIUS90_SCALE));
        double within = given.has(MEAN_WITHIN_KM) ? given.number(MEAN_WITHIN_KM) : 0;
        if (within < 0) {
            throw given.problem(MEAN_WITHIN_KM, "must be 0 or more");
        }
        return new Decoding(within, scale(given, RADIUS_SCALE), scale(given, RADIUS90_SCALE));
    }

    private static double scale(JsonObject given, String key) {
        double scale = given.has(key) ? given.number(key) : 1;
        if (scale <= 0) {
            throw given.problem(key, "must be above 0");
        }
        return scale;
    }
}
