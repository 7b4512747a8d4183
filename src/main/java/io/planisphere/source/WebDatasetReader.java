package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.source.WebDatasetSamples.Content;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;

/** The photos of one WebDataset shard, one row each, without their sidecars; see {@link WebDatasetSamples}. */
public final class WebDatasetReader implements Iterator<EncodedImage>, Closeable {
    private final WebDatasetSamples samples;
    private Iterator<EncodedImage> rows = Collections.emptyIterator();

    private WebDatasetReader(WebDatasetSamples samples) {
        this.samples = samples;
    }

    /** Reads from {@code in}, which is closed with this reader. */
    public WebDatasetReader(InputStream in, String shardUri, long maxImageBytes) throws IOException {
        this(new WebDatasetSamples(in, shardUri, maxImageBytes, Content.PHOTOS));
    }

    /** Opens the shard at {@code shardUri} on its Hadoop file system. */
    public static WebDatasetReader open(String shardUri, long maxImageBytes, OptOut optOut, Configuration hadoop)
            throws IOException {
        return new WebDatasetReader(WebDatasetSamples.open(shardUri, maxImageBytes, Content.PHOTOS, optOut, hadoop));
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
