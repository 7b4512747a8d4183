package io.planisphere.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileStatus;

/**
 * A fingerprint of input files that changes when a file is added, removed or rewritten: SHA-256 over everything added, in order.
 */
public final class Fingerprint {
    private final MessageDigest digest;

    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    public Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    /** Adds a file's path, length and modification time. */
    public Fingerprint add(FileStatus file) {
        return add(file.getPath() + " " + file.getLen() + " " + file.getModificationTime());
    }

    /** Returns the fingerprint of everything added; nothing can be added after this call. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
