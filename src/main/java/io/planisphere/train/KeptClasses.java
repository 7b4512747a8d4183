package io.planisphere.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The classes of a head that have enough photos for training, renumbered in their old order.
 *
 * @param labels old label of each class
 * @param photos training photos of each class
 * @param droppedClasses classes with fewer photos
 * @param droppedPhotos photos in the dropped classes
 */
public record KeptClasses(List<Integer> labels, List<Long> photos, long droppedClasses, long droppedPhotos) {
    public KeptClasses {
        labels = List.copyOf(labels);
        photos = List.copyOf(photos);
    }

    /**
     * Drops the classes with fewer than {@code minPhotos}.
     *
     * @param photos training photos by old label
     */
    public static KeptClasses of(long[] photos, long minPhotos) {
        List<Integer> labels = new ArrayList<>();
        List<Long> kept = new ArrayList<>();
        long dropped = 0;
        for (int label = 0; label < photos.length; label++) {
            if (photos[label] >= minPhotos) {
                labels.add(label);
                kept.add(photos[label]);
            } else {
                dropped += photos[label];
            }
        }
        return new KeptClasses(labels, kept, photos.length - labels.size(), dropped);
    }

    public int size() {
        return labels.size();
    }

    /** Returns the number of training photos of all classes. */
    public long allPhotos() {
        return photos.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns the new label of each old one, -1 for dropped classes.
     *
     * @param classes number of classes before any was dropped
     */
    public int[] renumbering(int classes) {
        int[] renumbered = new int[classes];
        Arrays.fill(renumbered, -1);
        for (int i = 0; i < labels.size(); i++) {
            renumbered[labels.get(i)] = i;
        }
        return renumbered;
    }

    /**
     * Returns the weight of a photo in each class that gives all classes the same total weight: photos / (classes · photos of the
     * class).
     */
    public double[] balancedWeights() {
        double all = allPhotos();
        return photos.stream().mapToDouble(own -> all / (size() * (double) own)).toArray();
    }
}
