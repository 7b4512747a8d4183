package io.planisphere.eval;

import java.util.List;
import java.util.Optional;

/**
 * Photos with a predicted row and a true place, as columns: what stands at index i of each is said of photo i. Some 50 bytes
 * per photo. Photos of one user stand together.
 *
 * @param user who took the photo, counted from 0; a photo of an unknown user is a user of its own
 * @param errorKm infinite where the row gives no place
 * @param confidence of the row's answer, NaN where there is none
 * @param radiusKm of the row, NaN where there is none
 * @param inCell whether the row's cell holds the true place: 1 or 0, −1 where the row has no cell
 * @param otherErrorKm of the run to compare with, infinite where that gives no place, NaN where it has no row for the photo
 * @param perfectErrorKm of the perfect classifier over a partition
 * @param groupings by which to break down
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record PlacedPhotos(
        int[] user,
        double[] errorKm,
        float[] confidence,
        float[] radiusKm,
        byte[] inCell,
        Optional<double[]> otherErrorKm,
        Optional<double[]> perfectErrorKm,
        List<Grouping> groupings) {
    public PlacedPhotos {
        groupings = List.copyOf(groupings);
    }

    /**
     * Groups of photos.
     *
     * @param by what groups them
     * @param names of the groups
     * @param group of each photo, an index into {@code names}
     */
    public record Grouping(String by, List<String> names, int[] group) {
        public Grouping {
            names = List.copyOf(names);
        }
    }

    /** How many. */
    public int count() {
        return user.length;
    }
}
