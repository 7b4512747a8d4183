package io.planisphere.spark.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * What a run must remember, one value per file, an object or a list. A file is there whole, as it was or as it is now, whenever a crash comes.
 *
 * <p>Most file systems can replace a file by renaming. One without an {@code AbstractFileSystem}, which is how Hadoop's {@code
 * FileContext} finds that out, such as {@code dbfs:}, cannot be asked to: there the file is deleted before the new one takes its name.
 * For a moment, or for good after a crash in it, only the new one is there, whole, under its name while it was being written; {@link
 * #read} and {@link #exists} look there, too. Whatever else lists or opens the file itself has to cope with its absence.
 */
public record JsonFile(Path path, FileSystem fs) {
    /** Where an object appears when it is whole, and takes the place of an older one in one step. */
    static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs");

    private static final int LOOKS = 3;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The value; empty if there is no such file. */
    public <T> Optional<T> read(Class<T> type) throws IOException {
        Optional<T> value = stored(path, type);
        for (int look = 0; value.isEmpty() && look < LOOKS && !canReplace(); look++) {
            value = unmoved(type);
            if (value.isEmpty()) { // perhaps it has taken the name meanwhile
                value = stored(path, type);
            }
        }
        return value;
    }

    private <T> Optional<T> stored(Path file, Class<T> type) throws IOException {
        try (InputStream in = fs.open(file)) {
            return Optional.of(JSON.readValue(in, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The value that has not taken its name yet; empty if it is not whole, and then nothing was deleted for it. */
    private <T> Optional<T> unmoved(Class<T> type) throws IOException {
        Optional<JsonNode> whole;
        try {
            whole = stored(part(), JsonNode.class).filter(JsonNode::isContainerNode);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        return whole.isPresent() ? Optional.of(JSON.treeToValue(whole.get(), type)) : Optional.empty();
    }

    /** Whether there is a value. */
    public boolean exists() throws IOException {
        return fs.exists(path) || (!canReplace() && read(JsonNode.class).isPresent());
    }

    /** A value as it stands in a file. */
    static byte[] bytes(Object value) throws IOException {
        return JSON.writeValueAsBytes(value);
    }

    /**
     * Written beside its place, then moved over what stood there; on an object store, where an object appears when it is
     * whole, in its place.
     */
    public void write(Object value) throws IOException {
        if (OBJECT_STORES.contains(String.valueOf(fs.getUri().getScheme()))) {
            put(path, value);
            return;
        }
        Path part = part();
        if (fs instanceof LocalFileSystem local) {
            // Hadoop's own move deletes first what stood there, and a checksum file would move at another time
            new JsonFile(part, local.getRawFileSystem()).put(part, value);
            fs.delete(new Path(path.getParent(), "." + path.getName() + ".crc"), false);
            Files.move(
                    local.pathToFile(part).toPath(), local.pathToFile(path).toPath(), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        if (canReplace()) {
            put(part, value);
            FileContext.getFileContext(fs.getUri(), configuration()).rename(part, path, Rename.OVERWRITE);
            return;
        }
        if (!fs.exists(path) && unmoved(JsonNode.class).isPresent()) {
            move(part); // a crash left it as the only one, which must not be written over
        }
        put(part, value);
        fs.delete(path, false);
        move(part);
    }

    private void move(Path part) throws IOException {
        if (!fs.rename(part, path)) {
            throw new IOException("Cannot rename " + part + " to " + path);
        }
    }

    private Path part() {
        return new Path(path.getParent(), "_" + path.getName() + ".part");
    }

    /** FileSystem has no rename that replaces; FileContext has, and wants the defaults that a cached one may lack. */
    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.addResource(fs.getConf());
        return configuration;
    }

    /** Whether a file can take the place of another in one step. */
    private boolean canReplace() {
        String scheme = String.valueOf(fs.getUri().getScheme());
        String contextKey = "fs.AbstractFileSystem." + scheme + ".impl"; // Hadoop fails without one
        return OBJECT_STORES.contains(scheme)
                || fs.getConf().get(contextKey) != null
                || configuration().get(contextKey) != null;
    }

    private void put(Path target, Object value) throws IOException {
        byte[] bytes = bytes(value);
        try (OutputStream out = fs.create(target, true)) {
            out.write(bytes);
        }
    }
}
