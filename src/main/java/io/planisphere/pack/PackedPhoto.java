package io.planisphere.pack;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A photo to write into a shard.
 *
 * @param key its name in the shard; unique there
 * @param extension extension of its image format, without a dot
 * @param width width of the upright photo in pixels; 0 if its format is not supported
 * @param bytes its unchanged bytes
 * @param metadata its metadata from the source
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are never compared
public record PackedPhoto(
        String key, String extension, String id, String uri, int width, int height, byte[] bytes, ObjectNode metadata) {

    /** Returns everything known about the photo: its own columns first, then the metadata. */
    ObjectNode described() {
        ObjectNode all = metadata.objectNode();
        all.put("id", id);
        all.put("uri", uri);
        if (width > 0) {
            all.put("width", width);
            all.put("height", height);
        }
        metadata.properties().stream()
                .filter(entry -> !all.has(entry.getKey()))
                .forEach(entry -> all.set(entry.getKey(), entry.getValue()));
        return all;
    }
}
