package io.planisphere.spark.train;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The train/validation split. All photos of a user are on the same side, because photos of one user resemble each other. A user's
 * side is derived from the SHA-256 of {@code seed:user:NAME}, so it stays the same when photos are added; for a photo without a
 * user, it is derived from {@code seed:photo:KEY}.
 *
 * @param validation share of the held-out set, from 0 to below 1
 */
public record Split(double validation, long seed) implements Serializable {
    public Split {
        if (!(validation >= 0 && validation < 1)) {
            throw new IllegalArgumentException("The share held out must be from 0 to below 1, got " + validation);
        }
    }

    boolean holdsOutUser(String user) {
        return holdsOut("user:" + user);
    }

    boolean holdsOutPhoto(String key) {
        return holdsOut("photo:" + key);
    }

    private boolean holdsOut(String who) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((seed + ":" + who).getBytes(StandardCharsets.UTF_8));
            return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53 < validation;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
