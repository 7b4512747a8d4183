package io.planisphere.spark.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** What a run must remember, one value per file. A file is there whole, as it was or as it is now, whenever a crash comes. */
public record JsonFile(Path path, FileSystem fs) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The value; empty if there is no such file. */
    public <T> Optional<T> read(Class<T> type) throws IOException {
        try (InputStream in = fs.open(path)) {
            return Optional.of(JSON.readValue(in, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Written beside its place, then renamed over what stood there. */
    public void write(Object value) throws IOException {
        Path part = new Path(path.getParent(), "_" + path.getName() + ".part");
        try (OutputStream out = fs.create(part, true)) {
            out.write(JSON.writeValueAsBytes(value));
        }
        // FileSystem has no rename that replaces; FileContext has, and wants the defaults that a cached one may lack.
        Configuration configuration = new Configuration();
        configuration.addResource(fs.getConf());
        FileContext.getFileContext(fs.getUri(), configuration).rename(part, path, Rename.OVERWRITE);
    }
}
