package io.planisphere.eval;

import java.util.List;
import java.util.Optional;

/**
 * Photos with a row and a true place, in columns: index i of each column belongs to photo i. Takes some 50 bytes per photo.
 * Photos of one user are adjacent.
 *
 * @param user user of the photo, numbered from 0; a photo of an unknown user has its own number
 * @param errorKm error; infinite if the row has no place
 * @param confidence confidence of the row, NaN if there is none
 * @param radiusKm radius of the row that is to hold half of the photos, NaN if there is none
 * @param radius90Km radius of the row that is to hold 90 %, NaN if there is none
 * @param inCell whether the row's cell contains the true place: 1 or 0, −1 if the row has no cell
 * @param otherErrorKm error of the run to compare with, infinite if that has no place, NaN if it has no row for the photo
 * @param perfectErrorKm error of the oracle (true cell) over a partition
 * @param groupings groupings for breakdowns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PlacedPhotos(
        int[] user,
        double[] errorKm,
        float[] confidence,
        float[] radiusKm,
        float[] radius90Km,
        byte[] inCell,
        Optional<double[]> otherErrorKm,
        Optional<double[]> perfectErrorKm,
        List<Grouping> groupings) {
    public PlacedPhotos {
        groupings = List.copyOf(groupings);
    }

    /**
     * A grouping of photos.
     *
     * @param by grouping column
     * @param names names of the groups
     * @param group group of each photo, an index into {@code names}
     */
    public record Grouping(String by, List<String> names, int[] group) {
        public Grouping {
            names = List.copyOf(names);
        }
    }

    /** Returns the number of photos. */
    public int count() {
        return user.length;
    }
}
