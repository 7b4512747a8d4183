package io.planisphere.spark.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Atomic create-if-absent for small files: by a hard link on a local or mounted file system, by a conditional write on an object
 * store that supports it, otherwise by a rename, which HDFS refuses if the target exists. On an object store without conditional
 * writes, two processes that write at the same moment may both succeed, and the later content wins.
 */
public final class ExclusiveFile {
    /** Option of S3A since Hadoop 3.4.2; other file systems ignore it. */
    private static final String CONDITIONAL_WRITE = "fs.option.create.conditional.overwrite";

    private ExclusiveFile() {}

    /** Creates the file; returns false without changing anything if it exists. */
    public static boolean create(Path path, FileSystem fs, byte[] content) throws IOException {
        if (fs instanceof RawLocalFileSystem) {
            return createLocally(java.nio.file.Path.of(path.toUri().getPath()), content);
        }
        if (fs instanceof LocalFileSystem local) {
            return create(path, local.getRawFileSystem(), content); // without a checksum file beside it
        }
        String scheme = String.valueOf(fs.getUri().getScheme());
        boolean isConditional =
                JsonFile.OBJECT_STORES.contains(scheme) || fs.hasPathCapability(path, CONDITIONAL_WRITE);
        return isConditional ? createConditionally(path, fs, content) : createByRename(path, fs, content);
    }

    private static boolean createConditionally(Path path, FileSystem fs, byte[] content) throws IOException {
        FSDataOutputStreamBuilder<?, ?> file = fs.createFile(path);
        file.overwrite(false);
        file.recursive();
        file.opt(CONDITIONAL_WRITE, true);
        try (OutputStream out = file.build()) {
            out.write(content);
        } catch (IOException e) {
            if (fs.exists(path)) {
                return false;
            }
            throw e;
        }
        return true;
    }

    private static boolean createByRename(Path path, FileSystem fs, byte[] content) throws IOException {
        Path unfinished = new Path(path.getParent(), unfinished(path.getName()));
        try (OutputStream out = fs.create(unfinished, false)) {
            out.write(content);
        }
        // some file systems replace the target of a rename, so check that it does not exist
        if (!fs.exists(path) && fs.rename(unfinished, path)) {
            return true;
        }
        fs.delete(unfinished, false);
        if (fs.exists(path)) {
            return false;
        }
        throw new IOException("Cannot rename " + unfinished + " to " + path);
    }

    private static boolean createLocally(java.nio.file.Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        java.nio.file.Path unfinished =
                file.resolveSibling(unfinished(file.getFileName().toString()));
        Files.write(unfinished, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
        try {
            Files.createLink(file, unfinished);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return createInPlace(file, content);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Creates the file without hard links; only a crash within the single write call leaves an incomplete file. */
    private static boolean createInPlace(java.nio.file.Path file, byte[] content) throws IOException {
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static String unfinished(String name) {
        return "_" + name + "." + UUID.randomUUID();
    }
}
