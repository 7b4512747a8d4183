package io.planisphere.image;

/**
 * A photo as a source gives it: its bytes, or the reason why there are none.
 *
 * <p>{@code id} is the photo's own name (tar key, YFCC photo id, manifest id); {@code uri} says where it stands and is
 * unique within a collection.
 */
public sealed interface EncodedImage {
    String id();

    String uri();

    /**
     * Bytes as stored; not copied, not to be changed.
     *
     * @param metadata what the source says about the photo, a JSON object; empty where nobody asked or nothing is said
     */
    @SuppressWarnings("ArrayRecordComponent") // a photo's bytes are handed on, never compared
    record Ok(String id, String uri, byte[] bytes, String metadata) implements EncodedImage {
        /** Without metadata. */
        public Ok(String id, String uri, byte[] bytes) {
            this(id, uri, bytes, "");
        }
    }

    /** No bytes: the object is missing, over the byte cap, cut off. */
    record Rejected(String id, String uri, Status why, String detail) implements EncodedImage {}
}
