package io.planisphere.spark.file;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file systems without a process per file. Where Hadoop's native library is not installed, and Spark does not bring
 * it, they start {@code ls} for each photo of a folder that is listed, {@code chmod} for each file and directory that they create,
 * four for a task that writes one Parquet file, and {@code readlink} for each question about a file of a checkpoint; java.nio does
 * all of it in the process.
 */
public final class ForklessFiles {
    private static final String FILE_SYSTEM = "fs.file.impl";
    private static final String CONTEXT_FILE_SYSTEM = "fs.AbstractFileSystem.file.impl";

    private static final String UNIX = "unix";
    private static final String MODE = "mode";

    private ForklessFiles() {}

    /** Takes the place of Hadoop's own on Unix, unless somebody has chosen another for {@code file:}. */
    public static void useIn(Configuration hadoop) {
        boolean unix = FileSystems.getDefault().supportedFileAttributeViews().contains(UNIX);
        if (!unix || hadoop.get(FILE_SYSTEM) != null) {
            return;
        }
        hadoop.setClass(FILE_SYSTEM, Local.class, FileSystem.class);
        hadoop.setClass(CONTEXT_FILE_SYSTEM, LocalContext.class, ChecksumFs.class);
        // spark-submit has asked for it already, and Hadoop keeps what it has made; closing ends that, and nothing else
        try {
            FileSystem before = FileSystem.get(URI.create("file:///"), hadoop);
            if (!(before instanceof Local)) {
                before.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** The same for Hadoop's {@code FileContext}, which keeps Spark's checkpoints. Made by Hadoop. */
    public static final class LocalContext extends ChecksumFs {
        public LocalContext(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
            super(new RawContext(hadoop));
        }
    }

    private static final class RawContext extends DelegateToFileSystem {
        RawContext(Configuration hadoop) throws IOException, URISyntaxException {
            super(URI.create("file:///"), new Raw(), hadoop, "file", false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        // as that of Hadoop's own: all that the disk takes
        @Override
        public boolean isValidName(String src) {
            return true;
        }
    }
}
