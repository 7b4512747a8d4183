package io.planisphere.spark.rows;

import io.planisphere.gallery.Exclusion;
import io.planisphere.source.OptOut;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Whether a geolocator's gallery is used if it has one, and which of its photos are not compared.
 *
 * @param isOn whether it is used
 * @param optOut list of photos and users; null for none
 */
public record GalleryUse(boolean isOn, @Nullable Broadcast<OptOut> optOut) implements Serializable {
    /** All photos are compared. */
    public static final GalleryUse ALL = new GalleryUse(true, null);

    /** The gallery is not used. */
    public static final GalleryUse OFF = new GalleryUse(false, null);

    Optional<Exclusion> exclusion() {
        if (!isOn) {
            return Optional.empty();
        }
        if (optOut == null) {
            return Optional.of(Exclusion.NONE);
        }
        OptOut list = optOut.value();
        return Optional.of(new Exclusion(list.sha256Hex(), list::holdsHash));
    }
}
