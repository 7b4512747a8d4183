package io.planisphere.spark.file;

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

/** What a run must remember, one value per file. A file is there whole, as it was or as it is now, whenever a crash comes. */
public record JsonFile(Path path, FileSystem fs) {
    private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The value; empty if there is no such file. */
    public <T> Optional<T> read(Class<T> type) throws IOException {
        try (InputStream in = fs.open(path)) {
            return Optional.of(JSON.readValue(in, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
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
        if (OBJECT_STORES.contains(fs.getScheme())) {
            put(path, value);
            return;
        }
        Path part = new Path(path.getParent(), "_" + path.getName() + ".part");
        if (fs instanceof LocalFileSystem local) {
            // Hadoop's own move deletes first what stood there, and a checksum file would move at another time
            new JsonFile(part, local.getRawFileSystem()).put(part, value);
            fs.delete(new Path(path.getParent(), "." + path.getName() + ".crc"), false);
            Files.move(
                    local.pathToFile(part).toPath(), local.pathToFile(path).toPath(), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        put(part, value);
        // FileSystem has no rename that replaces; FileContext has, and wants the defaults that a cached one may lack.
        Configuration configuration = new Configuration();
        configuration.addResource(fs.getConf());
        FileContext.getFileContext(fs.getUri(), configuration).rename(part, path, Rename.OVERWRITE);
    }

    private void put(Path target, Object value) throws IOException {
        try (OutputStream out = fs.create(target, true)) {
            out.write(bytes(value));
        }
    }
}
