package io.planisphere.spark.file;

import io.planisphere.source.GivenPath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A small file on any Hadoop file system that is there whole or not at all: written under another name, then renamed. */
public final class WholeFile {
    private final Path path;
    private final Configuration configuration;

    /**
     * The file of that name; nothing is written yet.
     *
     * @throws io.planisphere.source.InputException if no file can have that name
     */
    public WholeFile(String uri, Configuration configuration) throws IOException {
        this.path = GivenPath.of("Output", uri, configuration).refuseColon().path();
        this.configuration = configuration;
    }

    /** What the file will hold. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    public boolean exists() throws IOException {
        return path.getFileSystem(configuration).exists(path);
    }

    /** Writes the file, in place of one that stood there. */
    public void write(Content content) throws IOException {
        put(bytes -> {
            Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
            content.writeTo(out);
            out.flush();
        });
    }

    /** The same for what is no text. */
    public void write(byte[] content) throws IOException {
        put(out -> out.write(content));
    }

    @FunctionalInterface
    private interface Bytes {
        void writeTo(OutputStream out) throws IOException;
    }

    private void put(Bytes content) throws IOException {
        // an instance of our own: the setting would be everybody's, and a checksum beside the file makes editing it an
        // error
        try (FileSystem files = ForklessFiles.newInstance(path, configuration)) {
            files.setWriteChecksum(false);
            Path unfinished = new Path(path + "._unfinished");
            try (OutputStream out = files.create(unfinished, true)) {
                content.writeTo(out);
            }
            files.delete(path, false);
            if (!files.rename(unfinished, path)) {
                throw new IOException("Cannot rename " + unfinished + " to " + path);
            }
        }
    }
}
