package io.planisphere.spark.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
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
 * it, they start {@code chmod} for each file and directory that they create, four for a task that writes one Parquet file, and
 * {@code readlink} for each question about a file of a checkpoint; java.nio does both in the process.
 */
public final class ForklessFiles {
    private static final String FILE_SYSTEM = "fs.file.impl";
    private static final String CONTEXT_FILE_SYSTEM = "fs.AbstractFileSystem.file.impl";

    private ForklessFiles() {}

    /** Takes the place of Hadoop's own, unless somebody has chosen another for {@code file:}. */
    public static void useIn(Configuration hadoop) {
        if (hadoop.get(FILE_SYSTEM) != null) {
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
            if (permission.getStickyBit()) {
                super.setPermission(path, permission); // java.nio has no word for it
                return;
            }
            Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(permission.getUserAction().SYMBOL
                    + permission.getGroupAction().SYMBOL
                    + permission.getOtherAction().SYMBOL);
            try {
                Files.setPosixFilePermissions(pathToFile(path).toPath(), permissions);
            } catch (UnsupportedOperationException e) {
                super.setPermission(path, permission); // a file system of another kind, mounted here
            }
        }

        @Override
        public FileStatus getFileLinkStatus(Path path) throws IOException {
            return Files.isSymbolicLink(pathToFile(path).toPath())
                    ? super.getFileLinkStatus(path)
                    : getFileStatus(path);
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
