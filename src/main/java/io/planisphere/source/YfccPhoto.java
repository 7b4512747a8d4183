package io.planisphere.source;

import io.planisphere.geo.LatLng;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One photo or video of YFCC100M (Thomee et al. 2016), its text decoded. What the line leaves empty is empty or null.
 *
 * @param hash names the object in the public bucket, see {@link #hashOf}
 * @param dateTaken by the camera's clock, whose zone nobody knows
 * @param place null where the line has none, or an impossible one
 * @param coordinates whether the line's coordinates could be used
 * @param accuracy 1 world to 16 street, and 16 where nobody said
 * @param extension of the original; the objects in the bucket are all JPEG
 */
public record YfccPhoto(
        String photoId,
        String hash,
        String userId,
        String nickname,
        @Nullable LocalDateTime dateTaken,
        @Nullable Instant dateUploaded,
        String device,
        String title,
        String description,
        List<String> userTags,
        List<String> machineTags,
        @Nullable LatLng place,
        Coordinates coordinates,
        @Nullable Integer accuracy,
        String pageUrl,
        String downloadUrl,
        String licence,
        String licenceUrl,
        @Nullable Integer server,
        @Nullable Integer farm,
        String secret,
        String originalSecret,
        String extension,
        Marker marker) {
    /** What kind of thing the line describes. */
    public enum Marker {
        PHOTO,
        VIDEO
    }

    /** Whether a line's coordinates are a place. */
    public enum Coordinates {
        /** Both are empty. */
        NONE,
        POSSIBLE,
        /** No number, out of range, or one without the other; the photo keeps its row and loses its place. */
        IMPOSSIBLE
    }

    /** Where the photo stands below the folder of all photos ({@code data/images} in the public bucket). */
    public String objectKey() {
        return hash.substring(0, 3) + "/" + hash.substring(3, 6) + "/" + hash + ".jpg";
    }

    /**
     * The name of a photo's object: the MD5 of its download URL, each byte in hexadecimal without its leading zero, so
     * 16 to 32 characters.
     *
     * @param downloadUrl in its {@code http:} form, as the metadata has it
     */
    public static String hashOf(String downloadUrl) {
        StringBuilder hash = new StringBuilder(32);
        for (byte b : md5(downloadUrl)) {
            hash.append(Integer.toHexString(b & 0xff));
        }
        return hash.toString();
    }

    static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has MD5", e);
        }
    }
}
