package io.planisphere.gallery;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds the nearest neighbours of photos among those of their likely cells. Not thread-safe: it reuses its buffers.
 *
 * <p>It first compares codes of one bit per value, a few nanoseconds per photo, and then the 8-bit values of the best few: the
 * angle between two vectors is expected to be π times the share of different bits for random directions (Charikar, Similarity
 * Estimation Techniques from Rounding Algorithms, STOC 2002, section 3), and similarly for coordinates of embeddings.
 */
public final class GallerySearch {
    /** Maximum number of cells that are searched for one photo. */
    private static final int MOST_CELLS = 32;

    /** Photos after which no further cell is searched, which bounds the time. */
    private static final int ENOUGH_PHOTOS = 10_000;

    /** Photos whose 8-bit values are compared, per neighbour that is asked for. */
    private static final int COMPARED_PER_NEIGHBOUR = 8;

    private final PhotoGallery gallery;
    private final double cellsShare;
    private final int neighbours;
    private final BitSet excluded;
    private final long[] code;
    private final byte[] query;
    private final byte[] values;
    private final long[] closest; // different bits, then the position of the photo; the largest first
    private int found;

    /**
     * @param cellsShare share of the probability that the searched cells hold together
     * @param neighbours maximum number of neighbours
     */
    public GallerySearch(PhotoGallery gallery, double cellsShare, int neighbours, Exclusion exclusion) {
        this.gallery = gallery;
        this.cellsShare = cellsShare;
        this.neighbours = neighbours;
        this.excluded = gallery.excluded(exclusion);
        code = new long[Vectors.words(gallery.width())];
        query = new byte[gallery.width()];
        values = new byte[gallery.width()];
        closest = new long[COMPARED_PER_NEIGHBOUR * neighbours];
    }

    /**
     * Returns the nearest photos.
     *
     * @param embedding as the network outputs it
     * @param probabilities probabilities of the gallery's cells
     */
    public Found search(float[] embedding, float[] probabilities) {
        float scale = gallery.quantise(embedding, query, code);
        found = 0;
        int searched = 0;
        double held = 0;
        int[] cells = likeliest(probabilities);
        for (int i = 0; i < cells.length && held < cellsShare && searched < ENOUGH_PHOTOS; i++) {
            compareCodes(cells[i]);
            searched += gallery.photos(cells[i]);
            held += probabilities[cells[i]];
        }
        return compareValues(scale);
    }

    private static int[] likeliest(float[] probabilities) {
        int[] best = new int[Math.min(MOST_CELLS, probabilities.length)];
        int count = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (count == best.length && probabilities[i] <= probabilities[best[count - 1]]) {
                continue;
            }
            int at = count < best.length ? count++ : count - 1;
            while (at > 0 && probabilities[best[at - 1]] < probabilities[i]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = i;
        }
        return best;
    }

    private void compareCodes(int cell) {
        ByteBuffer mapping = gallery.mapping(cell);
        int at = gallery.codes(cell);
        int start = gallery.start(cell);
        for (int i = 0; i < gallery.photos(cell); i++) {
            int different = 0;
            for (long word : code) {
                different += Long.bitCount(word ^ mapping.getLong(at));
                at += Long.BYTES;
            }
            long candidate = (long) different << Integer.SIZE | (start + i);
            if ((found < closest.length || candidate < closest[0]) && !excluded.get(start + i)) {
                keep(candidate);
            }
        }
    }

    /** Puts a candidate into the heap, in place of the worst if it is full. */
    private void keep(long candidate) {
        int at;
        if (found < closest.length) {
            at = found++;
            while (at > 0 && closest[(at - 1) / 2] < candidate) {
                closest[at] = closest[(at - 1) / 2];
                at = (at - 1) / 2;
            }
        } else {
            at = 0;
            while (2 * at + 1 < found) {
                int child = 2 * at + 1;
                if (child + 1 < found && closest[child + 1] > closest[child]) {
                    child++;
                }
                if (closest[child] <= candidate) {
                    break;
                }
                closest[at] = closest[child];
                at = child;
            }
        }
        closest[at] = candidate;
    }

    private Found compareValues(float scale) {
        int[] entries = new int[found];
        float[] similarities = new float[found];
        for (int i = 0; i < found; i++) {
            int entry = (int) closest[i];
            int cell = gallery.cellOf(entry);
            int photo = entry - gallery.start(cell);
            ByteBuffer mapping = gallery.mapping(cell);
            mapping.get(gallery.values(cell, photo), values);
            float other = mapping.getFloat(gallery.record(cell, photo) + 2 * Float.BYTES);
            entries[i] = entry;
            similarities[i] = scale * other * Vectors.dot(query, values);
        }
        int[] order = nearestFirst(similarities, entries);
        int count = Math.min(neighbours, order.length);
        Found nearest = new Found(new float[count], new float[count], new float[count], new int[count]);
        for (int i = 0; i < count; i++) {
            int entry = entries[order[i]];
            int cell = gallery.cellOf(entry);
            int at = gallery.record(cell, entry - gallery.start(cell));
            nearest.entries()[i] = entry;
            nearest.similarities()[i] = similarities[order[i]];
            nearest.latitudes()[i] = gallery.mapping(cell).getFloat(at);
            nearest.longitudes()[i] = gallery.mapping(cell).getFloat(at + Float.BYTES);
        }
        return nearest;
    }

    private static int[] nearestFirst(float[] similarities, int[] entries) {
        Integer[] order = new Integer[entries.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> {
            int bySimilarity = Float.compare(similarities[b], similarities[a]);
            return bySimilarity != 0 ? bySimilarity : Integer.compare(entries[a], entries[b]);
        });
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
