package io.planisphere.spark.file;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
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
 * Hadoop's local file systems without a process per file. Where Hadoop's native library is not installed, and Spark does not bring
 * it, they start {@code ls} for each photo of a folder that is listed, and {@code chmod} for each file and directory that they
 * create; java.nio does all of it in the process.
 */
public final class ForklessFiles {
    private static final String FILE_SYSTEM = "fs.file.impl";
    private static final URI LOCAL = URI.create("file:///");

    private static final String UNIX = "unix";
    private static final String MODE = "mode";

    private ForklessFiles() {}

    /**
     * Takes the place of Hadoop's own in this process, on Unix and unless {@code hadoop} names another for {@code file:}. Hadoop keeps
     * one file system for all, so it is put there; named in a configuration, our class would be looked for by file systems that
     * Spark has loaded and that cannot see it, as s3a does for its buffers.
     */
    public static synchronized void useIn(Configuration hadoop) {
        if (!isWanted(hadoop)) {
            return;
        }
        try {
            FileSystem before = FileSystem.get(LOCAL, hadoop);
            if (before.getClass() == LocalFileSystem.class) {
                before.close(); // that it is kept ends, and nothing else
                FileSystem.get(LOCAL, with(hadoop));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it takes the place. */
    public static boolean isWanted(Configuration hadoop) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains(UNIX) && hadoop.get(FILE_SYSTEM) == null;
    }

    /** A file system of its holder's own for {@code path}, which closes it. */
    static FileSystem newInstance(Path path, Configuration hadoop) throws IOException {
        URI uri = path.toUri().getScheme() == null ? FileSystem.getDefaultUri(hadoop) : path.toUri();
        boolean ours = LOCAL.getScheme().equals(uri.getScheme()) && isWanted(hadoop);
        return FileSystem.newInstance(uri, ours ? with(hadoop) : hadoop);
    }

    private static Configuration with(Configuration hadoop) {
        Configuration ours = new Configuration(hadoop);
        ours.setClassLoader(ForklessFiles.class.getClassLoader());
        ours.setClass(FILE_SYSTEM, Local.class, FileSystem.class);
        return ours;
    }

    /** Files as they are on the disk. */
    static final class Raw extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            Files.setAttribute(pathToFile(path).toPath(), UNIX + ":" + MODE, (int) permission.toShort());
        }

        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            File file = pathToFile(path);
            BasicFileAttributes found;
            try {
                found = Files.readAttributes(file.toPath(), BasicFileAttributes.class);
            } catch (IOException | InvalidPathException e) {
                return super.getFileStatus(path); // which says that there is no file, mostly
            }
            Path itsPath = new Path(file.getPath()).makeQualified(getUri(), getWorkingDirectory());
            return new Status(found, getDefaultBlockSize(path), itsPath);
        }

        @Override
        public FileStatus getFileLinkStatus(Path path) throws IOException {
            return Files.isSymbolicLink(pathToFile(path).toPath())
                    ? super.getFileLinkStatus(path)
                    : getFileStatus(path);
        }
    }

    /** Learns whose a file is, and for whom, when somebody asks, which few do. */
    private static final class Status extends FileStatus {
        private static final long serialVersionUID = 1;

        private boolean isComplete;

        Status(BasicFileAttributes found, long blockSize, Path path) {
            super(
                    found.size(),
                    found.isDirectory(),
                    1,
                    blockSize,
                    found.lastModifiedTime().toMillis(),
                    found.lastAccessTime().toMillis(),
                    null,
                    null,
                    null,
                    path);
        }

        @Override
        public FsPermission getPermission() {
            complete();
            return super.getPermission();
        }

        @Override
        public String getOwner() {
            complete();
            return super.getOwner();
        }

        @Override
        public String getGroup() {
            complete();
            return super.getGroup();
        }

        private void complete() {
            if (isComplete) {
                return;
            }
            isComplete = true;
            try {
                Map<String, Object> its = Files.readAttributes(
                        java.nio.file.Path.of(getPath().toUri().getPath()), UNIX + ":" + MODE + ",owner,group");
                int mode = (int) Objects.requireNonNull(its.get(MODE));
                setPermission(new FsPermission((short) (mode & 01777)));
                setOwner(Objects.requireNonNull(its.get("owner")).toString());
                setGroup(Objects.requireNonNull(its.get("group")).toString());
            } catch (NoSuchFileException e) {
                return; // it has gone since: nobody's, and for all
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** With checksums beside them, as {@code file:} has them. Made by Hadoop. */
    public static final class Local extends LocalFileSystem {
        public Local() {
            super(new Raw());
        }
    }
}
