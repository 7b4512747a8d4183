package io.planisphere.geo;

import com.google.common.geometry.S2CellId;

/**
 * One class of a geolocator: an S2 cell, and the number and mean place of its training photos.
 *
 * @param label index in the network's output, from 0
 * @param id a valid cell of any level
 * @param photos number of its training photos
 * @param mean their mean place, the prediction for the cell
 */
public record Cell(int label, S2CellId id, long photos, LatLng mean) {
    public Cell {
        if (label < 0) {
            throw new IllegalArgumentException("Label must not be negative, got " + label);
        }
        if (!id.isValid()) {
            throw new IllegalArgumentException("S2 cell id must be valid, got " + Long.toHexString(id.id()));
        }
        if (photos < 0) {
            throw new IllegalArgumentException("Number of photos must not be negative, got " + photos);
        }
    }

    /** Returns the S2 token of the id, such as {@code 8644b594}; always text, even if it looks like a number. */
    public String token() {
        return id.toToken();
    }
}
