package io.planisphere.source;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Hadoop's file systems, as far as this installation has them. */
public final class FileSystems {
    static {
        // Hadoop reads shards over http by the JDK's client, which waits for ever unless it is told otherwise
        for (String deadline :
                new String[] {"sun.net.client.defaultConnectTimeout", "sun.net.client.defaultReadTimeout"}) {
            if (System.getProperty(deadline) == null) {
                System.setProperty(deadline, "60000");
            }
        }
    }

    private FileSystems() {}

    /**
     * Where the bytes of {@code path} are read from: its file system, the local one without checksum files, which cost time
     * and fail on names with a colon.
     */
    public static FileSystem of(Path path, Configuration hadoop) throws IOException {
        return plain(path.getFileSystem(hadoop));
    }

    static FileSystem plain(FileSystem fs) {
        return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
    }

    /** Why nothing with the scheme of {@code path} can be opened here; empty where its file system is there. */
    public static Optional<String> missing(Path path, Configuration hadoop) {
        String scheme = path.toUri().getScheme();
        if (scheme == null) {
            return Optional.empty();
        }
        try {
            FileSystem.getFileSystemClass(scheme, hadoop);
            return Optional.empty();
        } catch (UnsupportedFileSystemException e) {
            return Optional.of("This Hadoop has no file system for " + scheme + ":; give another uri, or add the "
                    + "file system's jar with -- --packages");
        } catch (IOException | RuntimeException e) {
            // Hadoop knows s3a and others by name only; their classes are in jars of their own
            return Optional.of("The file system for " + scheme + ": cannot be loaded (" + e.getMessage()
                    + "); add its jar with -- --packages, for s3a org.apache.hadoop:hadoop-aws");
        }
    }
}
