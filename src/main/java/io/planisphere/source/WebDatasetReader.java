package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;

/** The photos of one WebDataset shard, one row each; see {@link WebDatasetSamples}. */
public final class WebDatasetReader implements ShardReader {
    private final WebDatasetSamples samples;
    private final Content content;
    private Iterator<EncodedImage> rows = Collections.emptyIterator();

    private WebDatasetReader(WebDatasetSamples samples, Content content) {
        this.samples = samples;
        this.content = content;
    }

    /** Creates a reader of {@code in}, which is closed with this reader. */
    public WebDatasetReader(InputStream in, String shardUri, long maxImageBytes) throws IOException {
        this(new WebDatasetSamples(in, shardUri, maxImageBytes, Content.PHOTOS), Content.PHOTOS);
    }

    /** Opens the shard at {@code shardUri} on its Hadoop file system. */
    static WebDatasetReader open(
            String shardUri, long maxImageBytes, Content content, OptOut optOut, Configuration hadoop)
            throws IOException {
        return new WebDatasetReader(WebDatasetSamples.open(shardUri, maxImageBytes, content, optOut, hadoop), content);
    }

    @Override
    public ShardTally tally() {
        return samples.tally();
    }

    @Override
    public boolean hasNext() {
        while (!rows.hasNext() && samples.hasNext()) {
            rows = rowsOf(samples.next());
        }
        return rows.hasNext();
    }

    private Iterator<EncodedImage> rowsOf(Sample sample) {
        if (content != Content.PHOTOS_AND_SIDECARS || sample.sidecars().isEmpty()) {
            return sample.rows().iterator();
        }
        String metadata = SidecarJson.of(sample.sidecars());
        return sample.rows().stream()
                .map(row -> row instanceof EncodedImage.Ok ok
                        ? new EncodedImage.Ok(ok.id(), ok.uri(), ok.content(), metadata)
                        : row)
                .iterator();
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
