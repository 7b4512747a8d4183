package io.planisphere.spark.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Files of which only one process can say that it made them: by {@code O_EXCL} on a local or mounted file system, by the name
 * node of HDFS, by a conditional write on an object store that has them. On one that has none, two that write in the same
 * moment may both succeed, and the later one's content stays.
 */
final class ExclusiveFile {
    /** Understood by S3A from Hadoop 3.4.2 on, and passed over by the others. */
    private static final String S3A_CONDITIONAL_WRITE = "fs.option.create.conditional.overwrite";

    private ExclusiveFile() {}

    /** Whether this call made the file; a reader may find it empty for a moment. */
    static boolean create(Path path, FileSystem fs, byte[] content) throws IOException {
        if (fs instanceof RawLocalFileSystem) {
            return createLocally(java.nio.file.Path.of(path.toUri().getPath()), content);
        }
        FSDataOutputStreamBuilder<?, ?> file = fs.createFile(path);
        file.overwrite(false);
        file.recursive();
        file.opt(S3A_CONDITIONAL_WRITE, true);
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

    /** Hadoop's local file system looks first and creates then; somebody may come in between. */
    private static boolean createLocally(java.nio.file.Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }
}
