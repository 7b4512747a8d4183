package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The photos of one WebDataset shard, one row each, without their sidecars; see {@link WebDatasetSamples}. */
public final class WebDatasetReader implements Iterator<EncodedImage>, Closeable {
    private final WebDatasetSamples samples;
    private Iterator<EncodedImage> rows = Collections.emptyIterator();

    /** Reads from {@code in}, which is closed with this reader. */
    public WebDatasetReader(InputStream in, String shardUri, long maxImageBytes) throws IOException {
        samples = new WebDatasetSamples(in, shardUri, maxImageBytes, WebDatasetSamples.Content.PHOTOS);
    }

    /** Opens the shard at {@code shardUri} on its Hadoop file system. */
    public static WebDatasetReader open(String shardUri, long maxImageBytes, Configuration hadoop) throws IOException {
        Path shard = new Path(shardUri);
        return new WebDatasetReader(FileSystems.of(shard, hadoop).open(shard), shardUri, maxImageBytes);
    }

    /** What was met so far; complete when there is no next photo. */
    public ShardTally tally() {
        return samples.tally();
    }

    @Override
    public boolean hasNext() {
        while (!rows.hasNext() && samples.hasNext()) {
            rows = samples.next().rows().iterator();
        }
        return rows.hasNext();
    }

    @Override
    public EncodedImage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        samples.close();
    }
}
