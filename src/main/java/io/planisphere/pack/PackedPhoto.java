package io.planisphere.pack;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A photo on its way into a shard.
 *
 * @param key names it in the shard; unique there
 * @param extension of its kind, without a dot
 * @param width of the upright photo in pixels; 0 where its kind is not read here
 * @param bytes as they came
 * @param metadata what the source says about it
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, never compared
public record PackedPhoto(
        String key, String extension, String id, String uri, int width, int height, byte[] bytes, ObjectNode metadata) {

    /** All that is known about the photo: its own columns first, then the metadata. */
    ObjectNode described() {
        ObjectNode all = metadata.objectNode();
        all.put("id", id);
        all.put("uri", uri);
        if (width > 0) {
            all.put("width", width);
            all.put("height", height);
        }
        metadata.properties().stream()
                .filter(said -> !all.has(said.getKey()))
                .forEach(said -> all.set(said.getKey(), said.getValue()));
        return all;
    }
}
