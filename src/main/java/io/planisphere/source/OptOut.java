package io.planisphere.source;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * An opt-out list: ids of photos and of users whose photos must not be read. One list serves both: a photo is opted out if its
 * own id or its user's id is in the list. Ids are case-sensitive.
 *
 * <p>An id takes 8 bytes, the first of its SHA-256, so ten million ids take 80 MB. A listed id is always found; the probability
 * of a false match is n / 2⁶⁴ for n ids: one in ten thousand that ten million ids match any of a hundred million photos or their
 * users by mistake.
 */
public final class OptOut implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The detail in the row of an opted-out photo; it does not reveal whether the photo or the user is listed. */
    public static final String DETAIL = "The photo or its user is on the opt-out list";

    /** The empty list. */
    public static final OptOut NONE = new OptOut("", "", new long[0]);

    private final String location;
    private final String sha256;
    private final long[] hashes;

    private OptOut(String location, String sha256, long[] sorted) {
        this.location = location;
        this.sha256 = sha256;
        this.hashes = sorted;
    }

    /**
     * Reads a list: UTF-8, one id per line. Whitespace around an id, empty lines and lines that start with {@code #} are ignored.
     *
     * @param location path on any Hadoop file system
     * @throws InputException if the file does not exist, is not text, or has no ids
     */
    public static OptOut read(String location, Configuration hadoop) throws IOException {
        GivenPath list = GivenPath.of("--opt-out", location, hadoop);
        if (list.exists() && list.fs().getFileStatus(list.path()).isDirectory()) {
            throw new InputException("Cannot read the opt-out list " + location + ": it is a folder; name the file");
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(list.open(), digest);
                Reader text = new InputStreamReader(
                        in,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT))) {
            long[] hashes = hashes(new BufferedReader(text));
            if (hashes.length == 0) {
                throw new InputException("The opt-out list " + location
                        + " holds no id; write one photo or user id per line, or leave out --opt-out");
            }
            return new OptOut(location, HexFormat.of().formatHex(digest.digest()), hashes);
        } catch (FileNotFoundException e) {
            throw new InputException("Cannot read the opt-out list " + location + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new InputException("Cannot read the opt-out list " + location
                    + ": it is no UTF-8 text; unpack it, or save it as UTF-8");
        }
    }

    private static long[] hashes(BufferedReader lines) throws IOException {
        MessageDigest digest = sha256();
        long[] hashes = new long[1024];
        int count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String id = line.replace("\uFEFF", "").strip();
            if (!id.isEmpty() && !id.startsWith("#")) {
                hashes = count == hashes.length ? Arrays.copyOf(hashes, 2 * count) : hashes;
                hashes[count++] = hash(digest, id);
            }
        }
        Arrays.sort(hashes, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[distinct++] = hashes[i];
            }
        }
        return Arrays.copyOf(hashes, distinct);
    }

    /** Returns the location as given; empty for {@link #NONE}. */
    public String location() {
        return location;
    }

    /** Returns the SHA-256 of the file in lower-case hexadecimal. */
    public String sha256Hex() {
        return sha256;
    }

    /** Returns the number of distinct ids in the list. */
    public int size() {
        return hashes.length;
    }

    public boolean isEmpty() {
        return hashes.length == 0;
    }

    /** Returns whether the id of a photo or a user is listed; false for null, an unknown user. */
    public boolean holds(@Nullable String id) {
        return id != null && hashes.length > 0 && Arrays.binarySearch(hashes, hash(sha256(), id)) >= 0;
    }

    /** Returns whether the id of this hash is listed. */
    public boolean holdsHash(long hash) {
        return Arrays.binarySearch(hashes, hash) >= 0;
    }

    /** Returns the hash of an id: the first eight bytes of its SHA-256, big-endian. */
    public static long hash(String id) {
        return hash(sha256(), id);
    }

    /** Returns the id of a photo of a shard up to the first dot of its base name, by which it may be listed too. */
    public static String keyOfShard(String id) {
        int dot = id.indexOf('.', id.lastIndexOf('/') + 1);
        return dot < 0 ? id : id.substring(0, dot);
    }

    /** Returns whether a photo of a shard is listed: by its id, or by its id up to the first dot of the base name. */
    public boolean holdsPhotoOfShard(String id) {
        return holds(id) || holds(keyOfShard(id));
    }

    private static long hash(MessageDigest digest, String id) {
        return ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
