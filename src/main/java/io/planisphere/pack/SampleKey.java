package io.planisphere.pack;

import io.planisphere.source.MediaType;
import io.planisphere.source.ShardFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes the name of a photo in a shard from its id. In a tar, where the key ends at the first dot of the base name, it is a
 * relative path without dots and without the photo's extension; in other formats it is the id itself.
 */
public final class SampleKey {
    private static final int SUFFIX_BYTES = 6;

    private SampleKey() {}

    public static String of(String id, ShardFormat format) {
        return format == ShardFormat.WEBDATASET ? path(id) : id;
    }

    /**
     * Returns a unique key for a photo that shares {@code key} with others. It is derived from the uri, and therefore
     * deterministic.
     */
    public static String apart(String key, String uri) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(uri.getBytes(StandardCharsets.UTF_8));
            return key + "-" + HexFormat.of().formatHex(digest, 0, SUFFIX_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    private static String path(String id) {
        String named = MediaType.of(id) == MediaType.PHOTO ? id.substring(0, id.lastIndexOf('.')) : id;
        List<String> parts = new ArrayList<>();
        for (String part : named.split("/", -1)) {
            // . and .. could leave the folder that the tar is unpacked into
            if (!part.isEmpty()) {
                parts.add(part.matches("\\.+") ? part.replace('.', '_') : part.replaceAll("[\\p{Cntrl}:\\\\]", "_"));
            }
        }
        String base = parts.isEmpty() ? "_" : parts.remove(parts.size() - 1).replace('.', '_');
        // such names are reserved by WebDataset and skipped by readers
        base = base.startsWith("__") && base.endsWith("__") ? "_" + base + "x" : base;
        parts.add(base);
        return String.join("/", parts);
    }
}
