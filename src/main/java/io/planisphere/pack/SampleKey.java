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
 * The name of a photo in a shard, made from its id. In a tar, where all up to the first dot of the base name is the key, it is a
 * relative path without the photo's extension and without dots; elsewhere it is the id itself.
 */
public final class SampleKey {
    private static final int SUFFIX_BYTES = 6;

    private SampleKey() {}

    public static String of(String id, ShardFormat format) {
        return format == ShardFormat.WEBDATASET ? path(id) : id;
    }

    /** The key of a photo that shares {@code key} with others: told apart by where it stands, so always the same. */
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
            // . and .. would leave the folder that the tar is unpacked in
            if (!part.isEmpty()) {
                parts.add(part.matches("\\.+") ? part.replace('.', '_') : part.replaceAll("[\\p{Cntrl}:\\\\]", "_"));
            }
        }
        String base = parts.isEmpty() ? "_" : parts.remove(parts.size() - 1).replace('.', '_');
        // names of WebDataset's own, which readers pass over
        base = base.startsWith("__") && base.endsWith("__") ? "_" + base + "x" : base;
        parts.add(base);
        return String.join("/", parts);
    }
}
