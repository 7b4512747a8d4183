package io.planisphere.source;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Hadoop's file systems in this installation. */
public final class FileSystems {
    static {
        // Hadoop reads shards over http with the JDK's client, which by default has no timeouts
        for (String deadline :
                new String[] {"sun.net.client.defaultConnectTimeout", "sun.net.client.defaultReadTimeout"}) {
            if (System.getProperty(deadline) == null) {
                System.setProperty(deadline, "60000");
            }
        }
    }

    private FileSystems() {}

    /**
     * Returns the file system for reading {@code path}; the local one without checksum files, which cost time and fail on names
     * with a colon.
     */
    public static FileSystem of(Path path, Configuration hadoop) throws IOException {
        return plain(path.getFileSystem(hadoop));
    }

    static FileSystem plain(FileSystem fs) {
        return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
    }

    /** Returns why nothing with the scheme of {@code path} can be opened; empty if its file system is available. */
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
            // Hadoop registers s3a and others by name only; their classes are in separate jars
            return Optional.of("The file system for " + scheme + ": cannot be loaded (" + e.getMessage()
                    + "); add its jar with -- --packages, for s3a org.apache.hadoop:hadoop-aws");
        }
    }
}
