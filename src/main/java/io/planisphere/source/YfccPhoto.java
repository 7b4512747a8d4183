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
 * One photo or video of YFCC100M (Thomee et al. 2016), with decoded text. Empty fields of the line are empty or null.
 *
 * @param hash name of the object in the public bucket, see {@link #hashOf}
 * @param dateTaken camera's local time, in an unknown time zone
 * @param place place; null if the line has none, or an invalid one
 * @param coordinates whether the line's coordinates are valid
 * @param accuracy 1 (world) to 16 (street); 16 if unspecified
 * @param extension extension of the original; all objects in the bucket are JPEG
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
    /** Whether the line describes a photo or a video. */
    public enum Marker {
        PHOTO,
        VIDEO
    }

    /** Whether a line's coordinates are valid. */
    public enum Coordinates {
        /** Both are empty. */
        NONE,
        POSSIBLE,
        /** Not a number, out of range, or only one of the two; the photo is kept without its place. */
        IMPOSSIBLE
    }

    /** Returns the path of the photo below the folder of all photos ({@code data/images} in the public bucket). */
    public String objectKey() {
        return hash.substring(0, 3) + "/" + hash.substring(3, 6) + "/" + hash + ".jpg";
    }

    /**
     * Returns the name of a photo's object: the MD5 of its download URL, each byte in hexadecimal without its leading zero, which
     * makes 16 to 32 characters.
     *
     * @param downloadUrl URL in its {@code http:} form, as in the metadata
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
