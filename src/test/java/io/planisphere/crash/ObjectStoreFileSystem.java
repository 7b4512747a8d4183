package io.planisphere.crash;

import io.planisphere.crash.ObjectStore.Connection;
import io.planisphere.crash.ObjectStore.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Presents a bucket of an {@link ObjectStore} as Hadoop's S3A does. A file exists, complete, once its stream is closed, even if
 * its writer failed. A directory is a prefix of keys, or an empty object whose key ends with a slash, which {@code mkdirs}
 * puts; like S3A, a delete re-creates such an object for the parent of the deleted path. A rename copies and deletes object by
 * object; a recursive delete makes one call per object. A file that must not exist before is created by an atomic conditional
 * put.
 */
public final class ObjectStoreFileSystem extends FileSystem {
    /** A scheme for which the jobs do not rely on renames. */
    static final String SCHEME = "s3";

    private static final String CONDITIONAL_CREATE = "fs.option.create.conditional.overwrite";
    private static final String IMPLEMENTATION = "fs." + SCHEME + ".impl";
    private static final String SLASH = "/";

    private URI bucket = URI.create(SCHEME + "://none/");
    private Path workingDirectory = new Path(SLASH);
    private Connection store = ObjectStore.of("none").connect();

    /** Registers the file system with Hadoop. */
    static void addTo(Configuration hadoop) {
        hadoop.set(IMPLEMENTATION, ObjectStoreFileSystem.class.getName());
    }

    static void removeFrom(Configuration hadoop) {
        hadoop.unset(IMPLEMENTATION);
    }

    static URI uri(String bucket) {
        return URI.create(SCHEME + "://" + bucket + SLASH);
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setConf(conf);
        bucket = uri(name.getAuthority());
        workingDirectory = new Path(bucket);
        store = ObjectStore.of(name.getAuthority()).connect();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return bucket;
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return CONDITIONAL_CREATE.equals(capability) || super.hasPathCapability(path, capability);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        FileStatus status = getFileStatus(path);
        if (status.isDirectory()) {
            throw new FileNotFoundException(path + " is a directory");
        }
        return new FSDataInputStream(new ObjectInput(key(path)));
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
        Optional<FileStatus> found = status(path);
        if (found.filter(FileStatus::isDirectory).isPresent()) {
            throw new FileAlreadyExistsException(path + " is a directory");
        }
        if (found.isPresent() && !overwrite) {
            throw new FileAlreadyExistsException(path + " exists");
        }
        return new FSDataOutputStream(new ObjectOutput(key(path), overwrite), statistics);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        if (!getFileStatus(path.getParent()).isDirectory()) {
            throw new ParentNotDirectoryException(path.getParent() + " is no directory");
        }
        return create(
                path, permission, flags.contains(CreateFlag.OVERWRITE), bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        FileStatus source = getFileStatus(from);
        Optional<FileStatus> target = status(to);
        if (target.filter(FileStatus::isFile).isPresent()) {
            throw new FileAlreadyExistsException(to + " exists");
        }
        if (source.isFile()) {
            Path file = target.isPresent() ? new Path(to, from.getName()) : to;
            if (status(file).isPresent()) {
                throw new FileAlreadyExistsException(file + " exists");
            }
            move(key(from), key(file));
        } else {
            String folder = key(from) + SLASH;
            if ((key(to) + SLASH).startsWith(folder) || (target.isPresent() && listStatus(to).length > 0)) {
                return false;
            }
            for (String object : store.list(folder).keySet()) {
                move(object, key(to) + SLASH + object.substring(folder.length()));
            }
        }
        keepParent(from);
        return true;
    }

    private void move(String from, String to) throws IOException {
        store.copy(from, to);
        store.delete(from);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        Optional<FileStatus> found = status(path);
        if (found.isEmpty()) {
            return false;
        }
        if (found.get().isFile()) {
            store.delete(key(path));
        } else {
            if (!recursive && listStatus(path).length > 0) {
                throw new PathIsNotEmptyDirectoryException(path.toString());
            }
            for (String object : store.list(folder(path)).keySet()) {
                store.delete(object);
            }
        }
        keepParent(path);
        return true;
    }

    private void keepParent(Path gone) throws IOException {
        Path parent = gone.getParent();
        if (parent != null) {
            mkdirs(parent, FsPermission.getDirDefault());
        }
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        for (Path parent = path; parent != null; parent = parent.getParent()) {
            if (status(parent).filter(FileStatus::isFile).isPresent()) {
                throw new FileAlreadyExistsException(parent + " is a file");
            }
        }
        if (status(path).isEmpty()) {
            store.put(folder(path), new byte[0]);
        }
        return true;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus itself = getFileStatus(path);
        if (itself.isFile()) {
            return new FileStatus[] {itself};
        }
        String folder = folder(path);
        NavigableMap<String, FileStatus> entries = new TreeMap<>();
        for (var object : store.list(folder).entrySet()) {
            String name = object.getKey().substring(folder.length());
            int slash = name.indexOf(SLASH);
            if (slash >= 0) {
                String directory = name.substring(0, slash);
                entries.put(directory, directory(new Path(itself.getPath(), directory)));
            } else if (!name.isEmpty()) {
                entries.put(name, file(new Path(itself.getPath(), name), object.getValue()));
            }
        }
        return entries.values().toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(path).orElseThrow(() -> new FileNotFoundException(path + " does not exist"));
    }

    private Optional<FileStatus> status(Path path) throws IOException {
        Path itsPath = makeQualified(path);
        if (itsPath.isRoot()) {
            return Optional.of(directory(itsPath));
        }
        Optional<StoredObject> object = store.get(key(path));
        if (object.isPresent()) {
            return Optional.of(file(itsPath, object.get()));
        }
        return store.list(folder(path)).isEmpty() ? Optional.empty() : Optional.of(directory(itsPath));
    }

    private FileStatus file(Path path, StoredObject object) {
        return new FileStatus(object.length(), false, 1, getDefaultBlockSize(path), object.modified(), path);
    }

    private static FileStatus directory(Path path) {
        return new FileStatus(0, true, 1, 0, 0, path);
    }

    @Override
    public void setWorkingDirectory(Path path) {
        workingDirectory = makeQualified(path);
    }

    @Override
    public Path getWorkingDirectory() {
        return workingDirectory;
    }

    private String key(Path path) {
        return makeQualified(path).toUri().getPath().substring(1);
    }

    private String folder(Path path) {
        String key = key(path);
        return key.isEmpty() ? "" : key + SLASH;
    }

    /** Buffers what is written until it is closed. */
    private final class ObjectOutput extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final String key;
        private final boolean overwrite;
        private boolean isClosed;

        ObjectOutput(String key, boolean overwrite) {
            this.key = key;
            this.overwrite = overwrite;
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (isClosed) {
                return;
            }
            isClosed = true;
            if (overwrite) {
                store.put(key, bytes.toByteArray());
            } else {
                store.putIfAbsent(key, bytes.toByteArray());
            }
        }
    }

    /** Accesses the store at each read, so that dead processes cannot read. */
    private final class ObjectInput extends FSInputStream {
        private final String key;
        private long position;

        ObjectInput(String key) {
            this.key = key;
        }

        private byte[] bytes() throws IOException {
            return store.get(key)
                    .map(StoredObject::bytes)
                    .orElseThrow(() -> new FileNotFoundException("Object " + key + " was deleted"));
        }

        @Override
        public int read() throws IOException {
            byte[] all = bytes();
            return position < all.length ? all[(int) position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            byte[] all = bytes();
            if (position >= all.length) {
                return length == 0 ? 0 : -1;
            }
            int count = (int) Math.min(length, all.length - position);
            System.arraycopy(all, (int) position, into, offset, count);
            position += count;
            return count;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.max(0, bytes().length - position);
        }

        @Override
        public void seek(long to) throws IOException {
            if (to < 0 || to > bytes().length) {
                throw new EOFException("Cannot seek to " + to + " in " + key);
            }
            position = to;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }
    }
}
