package io.planisphere.source;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/** A file for Parquet's reader that records failures of the storage. */
final class StoredFile implements InputFile {
    private final FileSystem fs;
    private final Path path;
    private final long length;
    private @Nullable IOException failure;

    /** @throws java.io.FileNotFoundException if it does not exist */
    StoredFile(String uri, Configuration hadoop) throws IOException {
        path = new Path(uri);
        fs = FileSystems.of(path, hadoop);
        length = fs.getFileStatus(path).getLen();
    }

    @Override
    public long getLength() {
        return length;
    }

    /** Returns the exception of the storage, if there was one. The end of the file is not a failure. */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        return new Watched(HadoopStreams.wrap(fs.open(path)));
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private interface Access<T> {
        T run() throws IOException;
    }

    private final class Watched extends DelegatingSeekableInputStream {
        private final SeekableInputStream in;

        Watched(SeekableInputStream in) {
            super(in);
            this.in = in;
        }

        private <T> T watched(Access<T> access) throws IOException {
            try {
                return access.run();
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
            watched(() -> {
                in.seek(position);
                return position;
            });
        }

        @Override
        public int read() throws IOException {
            return watched(in::read);
        }

        @Override
        public int read(byte[] bytes, int start, int count) throws IOException {
            return watched(() -> in.read(bytes, start, count));
        }

        @Override
        public void readFully(byte[] bytes, int start, int count) throws IOException {
            watched(() -> {
                in.readFully(bytes, start, count);
                return count;
            });
        }

        @Override
        public int read(ByteBuffer buffer) throws IOException {
            return watched(() -> in.read(buffer));
        }

        @Override
        public void readFully(ByteBuffer buffer) throws IOException {
            watched(() -> {
                in.readFully(buffer);
                return buffer;
            });
        }
    }
}
