package io.planisphere.source;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk with its own scheme, {@code away://host}, as if it were remote. */
public final class AwayFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("away://host");
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Arrays.stream(super.listStatus(path)).map(AwayFileSystem::plain).toArray(FileStatus[]::new);
    }

    /** Returns a status without permissions, because the local disk looks them up by its own scheme. */
    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                1,
                status.getBlockSize(),
                status.getModificationTime(),
                status.getPath());
    }
}
