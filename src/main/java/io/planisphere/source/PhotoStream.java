package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.source.PhotoInput.Folder;
import io.planisphere.source.PhotoInput.Shards;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The photos of folders and shards in a deterministic order, for a job that reads some of them on one machine. References are
 * held in memory. Not thread-safe.
 */
public final class PhotoStream implements Iterator<EncodedImage>, Closeable {
    private final Iterator<PhotoInput> inputs;
    private final long maxImageBytes;
    private final Configuration hadoop;
    private final Fetcher fetcher;
    private final List<ShardReader> open = new ArrayList<>();
    private Iterator<ShardSource> shards = Collections.emptyIterator();
    private Iterator<EncodedImage> current = Collections.emptyIterator();

    /** @throws InputException if an input is neither a folder nor shards */
    public PhotoStream(List<PhotoInput> inputs, long maxImageBytes, Configuration hadoop) {
        for (PhotoInput input : inputs) {
            if (!(input instanceof Folder || input instanceof Shards)) {
                throw new InputException(
                        "Input " + input.given() + " only names photos; give a folder of photos, or shards");
            }
        }
        this.inputs = inputs.iterator();
        this.maxImageBytes = maxImageBytes;
        this.hadoop = hadoop;
        this.fetcher = new Fetcher(hadoop, FetchLimits.ofMaxImageBytes(maxImageBytes));
    }

    @Override
    public boolean hasNext() {
        try {
            while (!current.hasNext()) {
                if (shards.hasNext()) {
                    close(open);
                    ShardReader reader = shards.next().open(maxImageBytes, Content.PHOTOS, OptOut.NONE, hadoop);
                    open.add(reader);
                    current = reader;
                } else if (inputs.hasNext()) {
                    open(inputs.next());
                } else {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public EncodedImage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    private void open(PhotoInput input) throws IOException {
        if (input instanceof Shards given) {
            shards = given.found(hadoop).iterator();
        } else if (input instanceof Folder folder) {
            List<Reference> photos = new ArrayList<>();
            for (String root : folder.roots()) {
                list(new Path(root), photos);
            }
            photos.sort((one, other) -> one.uri().compareTo(other.uri()));
            current = fetcher.fetch(photos.iterator());
        }
    }

    private void list(Path root, List<Reference> photos) throws IOException {
        FileSystem files = root.getFileSystem(hadoop);
        for (RemoteIterator<? extends FileStatus> all = files.listFiles(root, true); all.hasNext(); ) {
            Path file = all.next().getPath();
            if (MediaType.of(file.getName()) == MediaType.PHOTO) {
                photos.add(new Reference(file.getName(), file.toString()));
            }
        }
    }

    private static void close(List<ShardReader> readers) throws IOException {
        for (ShardReader reader : readers) {
            reader.close();
        }
        readers.clear();
    }

    @Override
    public void close() throws IOException {
        fetcher.close();
        close(open);
    }
}
