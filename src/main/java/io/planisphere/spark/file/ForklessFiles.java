package io.planisphere.spark.file;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file systems without a forked process per file. Without Hadoop's native library, which Spark does not ship,
 * Hadoop runs {@code ls} for each photo of a listed folder and {@code chmod} for each file and directory that it creates; these
 * classes use java.nio instead.
 */
public final class ForklessFiles {
    private static final String FILE_SYSTEM = "fs.file.impl";
    private static final URI LOCAL = URI.create("file:///");

    private static final String UNIX = "unix";
    private static final String MODE = UNIX + ":mode";
    private static final String STATUS = MODE + ",size,isDirectory,lastModifiedTime,lastAccessTime";

    private ForklessFiles() {}

    /**
     * Replaces Hadoop's local file system in this process, on Unix and unless {@code hadoop} configures another one for {@code
     * file:}. The instance goes into Hadoop's file system cache rather than into the configuration: file systems loaded by
     * Spark's class loader, such as s3a for its buffers, could not load a configured class.
     */
    public static synchronized void useIn(Configuration hadoop) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains(UNIX) || hadoop.get(FILE_SYSTEM) != null) {
            return;
        }
        try {
            FileSystem before = FileSystem.get(LOCAL, hadoop);
            if (before.getClass() == LocalFileSystem.class) {
                before.close(); // only removes it from the cache
                FileSystem.get(LOCAL, with(hadoop));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration with(Configuration hadoop) {
        Configuration ours = new Configuration(hadoop);
        ours.setClassLoader(ForklessFiles.class.getClassLoader());
        ours.setClass(FILE_SYSTEM, Local.class, FileSystem.class);
        return ours;
    }

    /** The raw local file system, without checksums. */
    static final class Raw extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            Files.setAttribute(pathToFile(path).toPath(), MODE, (int) permission.toShort());
        }

        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            File file = pathToFile(path);
            try {
                Map<String, Object> found = Files.readAttributes(file.toPath(), STATUS);
                Path itsPath = new Path(file.getPath()).makeQualified(getUri(), getWorkingDirectory());
                return new Status(found, getDefaultBlockSize(path), itsPath);
            } catch (IOException | InvalidPathException e) {
                return super.getFileStatus(path); // mostly throws that the file does not exist
            }
        }

        @Override
        public FileStatus getFileLinkStatus(Path path) throws IOException {
            return Files.isSymbolicLink(pathToFile(path).toPath())
                    ? super.getFileLinkStatus(path)
                    : getFileStatus(path);
        }
    }

    /** Looks up the owner of a file lazily, because few callers need it and it may query a directory service. */
    private static final class Status extends FileStatus {
        private static final long serialVersionUID = 1;

        Status(Map<String, Object> found, long blockSize, Path path) {
            super(
                    (long) Objects.requireNonNull(found.get("size")),
                    (boolean) Objects.requireNonNull(found.get("isDirectory")),
                    1,
                    blockSize,
                    ((FileTime) Objects.requireNonNull(found.get("lastModifiedTime"))).toMillis(),
                    ((FileTime) Objects.requireNonNull(found.get("lastAccessTime"))).toMillis(),
                    new FsPermission((short) ((int) Objects.requireNonNull(found.get("mode")) & 01777)),
                    null,
                    null,
                    path);
        }

        @Override
        public String getOwner() {
            return principal("owner");
        }

        @Override
        public String getGroup() {
            return principal("group");
        }

        private String principal(String attribute) {
            try {
                return Files.getAttribute(
                                java.nio.file.Path.of(getPath().toUri().getPath()), UNIX + ":" + attribute)
                        .toString();
            } catch (NoSuchFileException e) {
                return ""; // deleted meanwhile
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The local file system with checksum files, the default for {@code file:}. Instantiated by Hadoop. */
    public static final class Local extends LocalFileSystem {
        public Local() {
            super(new Raw());
        }
    }
}
