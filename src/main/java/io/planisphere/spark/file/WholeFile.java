package io.planisphere.spark.file;

import io.planisphere.source.GivenPath;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A user's output file on any Hadoop file system, written atomically and without a checksum file. */
public final class WholeFile {
    private final JsonFile file;

    /**
     * Creates an object for the file without writing it.
     *
     * @throws io.planisphere.source.InputException if the name is invalid for a file
     */
    public WholeFile(String uri, Configuration configuration) throws IOException {
        Path path = GivenPath.of("Output", uri, configuration).refuseColon().path();
        file = new JsonFile(path, path.getFileSystem(configuration));
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    public boolean exists() throws IOException {
        return file.fs().exists(file.path());
    }

    /** Writes the file, replacing an existing one. The content is held in memory until it is complete. */
    public void write(Content content) throws IOException {
        StringWriter text = new StringWriter();
        content.writeTo(text);
        write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes binary content. */
    public void write(byte[] content) throws IOException {
        file.replace(content);
    }
}
