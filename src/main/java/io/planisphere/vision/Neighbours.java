package io.planisphere.vision;

import io.planisphere.gallery.Consensus;
import io.planisphere.gallery.Exclusion;
import io.planisphere.gallery.Found;
import io.planisphere.gallery.GallerySearch;
import io.planisphere.gallery.PhotoGallery;
import io.planisphere.geo.LatLng;
import io.planisphere.model.Retrieval;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Places photos by the neighbours that a package's rule asks. Not thread-safe, as {@link GallerySearch}. */
final class Neighbours {
    private final PhotoGallery gallery;
    private final Retrieval rule;
    private final Consensus consensus;
    private final GallerySearch search;

    Neighbours(PhotoGallery gallery, Retrieval rule, Exclusion exclusion) {
        this.gallery = gallery;
        this.rule = rule;
        consensus = new Consensus(rule.neighbours(), rule.withinKm(), rule.minSimilarity());
        search = new GallerySearch(gallery, rule.cellsShare(), rule.neighbours(), exclusion);
    }

    /**
     * The answer of the gallery.
     *
     * @param similarity that of the nearest neighbour
     * @param photo its name; null if the gallery has no names
     * @param place the place that the neighbours agree on; empty if they do not
     */
    record Answer(float similarity, @Nullable String photo, Optional<LatLng> place) {}

    /** Returns the answer; empty if the likely cells have no photo. */
    Optional<Answer> ask(float[] embedding, float[] probabilities) {
        Found found = search.search(embedding, probabilities);
        return found.size() == 0
                ? Optional.empty()
                : Optional.of(new Answer(
                        found.similarities()[0],
                        gallery.name(found.entries()[0]).orElse(null),
                        consensus.place(found)));
    }

    double radiusKm() {
        return rule.radiusKm();
    }

    double radius90Km() {
        return rule.radius90Km();
    }
}
