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
 * A JSON file with one value, an object or a list, for the state of a run. Writes are atomic: after a crash the file has either
 * the old or the new value.
 *
 * <p>Most file systems can replace a file by renaming. Hadoop's {@code FileContext} needs an {@code AbstractFileSystem} for that;
 * on a file system without one, such as {@code dbfs:}, the old file is deleted before the new one is renamed. In between, or
 * permanently after a crash in between, only the complete new file exists, under its temporary name; {@link #read} and {@link
 * #exists} look there, too. Any other code that lists or opens the file itself has to cope with its absence.
 */
public record JsonFile(Path path, FileSystem fs) {
    /** Stores where an object appears only when it is complete, and replaces an older one atomically. */
    static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs");

    private static final int LOOKS = 3;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Returns the value; empty if there is no such file. */
    public <T> Optional<T> read(Class<T> type) throws IOException {
        Optional<T> value = stored(path, type);
        for (int look = 0; value.isEmpty() && look < LOOKS && !canReplace(); look++) {
            value = unmoved(type);
            if (value.isEmpty()) { // it may have been renamed meanwhile
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

    /** Returns the value of the temporary file; empty if the file is incomplete, in which case the old one was not deleted. */
    private <T> Optional<T> unmoved(Class<T> type) throws IOException {
        Optional<JsonNode> whole;
        try {
            whole = stored(part(), JsonNode.class).filter(JsonNode::isContainerNode);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        return whole.isPresent() ? Optional.of(JSON.treeToValue(whole.get(), type)) : Optional.empty();
    }

    /** Returns whether the file has a value. */
    public boolean exists() throws IOException {
        return fs.exists(path) || (!canReplace() && read(JsonNode.class).isPresent());
    }

    /** Returns a value in the format of the file. */
    static byte[] bytes(Object value) throws IOException {
        return JSON.writeValueAsBytes(value);
    }

    /**
     * Writes the value to a temporary file, then renames that over the old file; on an object store, where objects appear only
     * when complete, writes in place.
     */
    public void write(Object value) throws IOException {
        replace(bytes(value));
    }

    void replace(byte[] value) throws IOException {
        if (OBJECT_STORES.contains(String.valueOf(fs.getUri().getScheme()))) {
            put(path, value);
            return;
        }
        Path part = part();
        if (fs instanceof LocalFileSystem local) {
            // Hadoop's own move deletes the target first, and moves a checksum file separately
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
            move(part); // after a crash it is the only copy and must not be overwritten
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

    /**
     * Returns a configuration for FileContext, which unlike FileSystem can rename over a file, but needs defaults that the
     * configuration of a cached file system may lack.
     */
    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.addResource(fs.getConf());
        return configuration;
    }

    /** Returns whether a rename can replace a file atomically. */
    private boolean canReplace() {
        String scheme = String.valueOf(fs.getUri().getScheme());
        String contextKey = "fs.AbstractFileSystem." + scheme + ".impl"; // Hadoop fails if it is absent
        return OBJECT_STORES.contains(scheme)
                || fs.getConf().get(contextKey) != null
                || configuration().get(contextKey) != null;
    }

    private void put(Path target, byte[] value) throws IOException {
        try (OutputStream out = fs.create(target, true)) {
            out.write(value);
        }
    }
}
