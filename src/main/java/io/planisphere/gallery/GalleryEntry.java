package io.planisphere.gallery;

/**
 * A photo of a gallery.
 *
 * @param embedding as the network outputs it
 * @param user hash of the photographer's id, 0 if unknown
 * @param photo hash of the photo's id
 * @param photoOfShard hash of the photo's id up to the first dot of its base name
 * @param name the photo's id; ignored by a gallery without names
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record GalleryEntry(
        float[] embedding, double latitude, double longitude, long user, long photo, long photoOfShard, String name) {}
