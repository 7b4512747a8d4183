package io.planisphere.spark.file;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code bare:}, with only the methods that every file system has: no {@code getScheme}, no
 * {@code AbstractFileSystem}, and renames that do not replace files.
 */
public final class BareFileSystem extends FileSystem {
    private static final URI ITSELF = URI.create("bare:///");

    private final RawLocalFileSystem disk = new RawLocalFileSystem();

    /** Registers the file system by its class name, as an operator would. */
    public static void addTo(Configuration hadoop) {
        hadoop.set("fs.bare.impl", BareFileSystem.class.getName());
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setConf(conf);
        disk.initialize(URI.create("file:///"), conf);
    }

    @Override
    public URI getUri() {
        return ITSELF;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return disk.open(onDisk(path), bufferSize);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return disk.create(onDisk(path), overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return !(exists(to) && getFileStatus(to).isFile()) && disk.rename(onDisk(from), onDisk(to));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return disk.delete(onDisk(path), recursive);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Arrays.stream(disk.listStatus(onDisk(path)))
                .map(BareFileSystem::status)
                .toArray(FileStatus[]::new);
    }

    @Override
    public void setWorkingDirectory(Path path) {
        disk.setWorkingDirectory(onDisk(path));
    }

    @Override
    public Path getWorkingDirectory() {
        return here(disk.getWorkingDirectory());
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return disk.mkdirs(onDisk(path));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(disk.getFileStatus(onDisk(path)));
    }

    private static Path onDisk(Path path) {
        return new Path("file", null, path.toUri().getPath());
    }

    private static Path here(Path path) {
        return new Path(ITSELF.getScheme(), null, path.toUri().getPath());
    }

    private static FileStatus status(FileStatus onDisk) {
        return new FileStatus(
                onDisk.getLen(),
                onDisk.isDirectory(),
                1,
                onDisk.getBlockSize(),
                onDisk.getModificationTime(),
                here(onDisk.getPath()));
    }
}
