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

    /** The same photo for somebody who keeps it, whoever else may release it. */
    EncodedImage kept();

    /**
     * Bytes as stored.
     *
     * @param metadata what the source says about the photo, a JSON object; empty where nobody asked or nothing is said
     */
    record Ok(String id, String uri, PhotoBytes content, String metadata) implements EncodedImage {
        /** Without metadata. */
        public Ok(String id, String uri, PhotoBytes content) {
            this(id, uri, content, "");
        }

        /** Without metadata, of a whole array. */
        public Ok(String id, String uri, byte[] bytes) {
            this(id, uri, PhotoBytes.of(bytes));
        }

        /** The photo alone, see {@link PhotoBytes#toArray}. */
        public byte[] bytes() {
            return content.toArray();
        }

        @Override
        public Ok kept() {
            return new Ok(id, uri, PhotoBytes.of(bytes()), metadata);
        }
    }

    /** No bytes: the object is missing, over the byte cap, cut off. */
    record Rejected(String id, String uri, Status why, String detail) implements EncodedImage {
        @Override
        public Rejected kept() {
            return this;
        }
    }
}
