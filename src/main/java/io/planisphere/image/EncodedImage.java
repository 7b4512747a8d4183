package io.planisphere.image;

/**
 * A photo from a source: its bytes, or the reason why there are none.
 *
 * <p>{@code id} is the photo's own name (tar key, YFCC photo id, manifest id); {@code uri} is its location and is unique within a
 * collection.
 */
public sealed interface EncodedImage {
    String id();

    String uri();

    /** Returns the same photo for a caller that keeps it, unaffected by releases. */
    EncodedImage kept();

    /**
     * The encoded bytes.
     *
     * @param metadata metadata of the photo from the source, a JSON object; empty if not requested or not available
     */
    record Ok(String id, String uri, PhotoBytes content, String metadata) implements EncodedImage {
        /** Creates a photo without metadata. */
        public Ok(String id, String uri, PhotoBytes content) {
            this(id, uri, content, "");
        }

        /** Creates a photo without metadata from a whole array. */
        public Ok(String id, String uri, byte[] bytes) {
            this(id, uri, PhotoBytes.of(bytes));
        }

        /** Returns the bytes, see {@link PhotoBytes#toArray}. */
        public byte[] bytes() {
            return content.toArray();
        }

        @Override
        public Ok kept() {
            return new Ok(id, uri, PhotoBytes.of(bytes()), metadata);
        }
    }

    /** No bytes: the object is missing, too large, or truncated. */
    record Rejected(String id, String uri, Status why, String detail) implements EncodedImage {
        @Override
        public Rejected kept() {
            return this;
        }
    }
}
