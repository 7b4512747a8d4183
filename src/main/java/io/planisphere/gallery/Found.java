package io.planisphere.gallery;

import io.planisphere.geo.LatLng;
import java.io.Serializable;

/**
 * The nearest neighbours of a photo, nearest first, in columns.
 *
 * @param similarities cosines of the centred embeddings, −1 to 1
 * @param latitudes degrees
 * @param longitudes degrees
 * @param entries positions in the gallery
 */
@SuppressWarnings("ArrayRecordComponent") // serialised, never compared
public record Found(float[] similarities, float[] latitudes, float[] longitudes, int[] entries)
        implements Serializable {
    /** Returns the number of neighbours. */
    public int size() {
        return entries.length;
    }

    LatLng place(int neighbour) {
        return new LatLng(latitudes[neighbour], longitudes[neighbour]);
    }
}
