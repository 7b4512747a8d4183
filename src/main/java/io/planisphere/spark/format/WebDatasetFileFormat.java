package io.planisphere.spark.format;

import io.planisphere.image.EncodedImage;
import io.planisphere.source.Content;
import io.planisphere.source.OptOut;
import io.planisphere.source.Sample;
import io.planisphere.source.WebDatasetSamples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * WebDataset tars as a Spark source: {@code spark.read().format("webdataset").load("…/*.tar")}. Each photo is one row of {@code
 * id, uri, content, status, detail} and the sample's metadata; a sample without a photo, and a shard that cannot be read to its
 * end, have one row without content. A shard is read by one task. Option {@code maxImageBytes} limits the size of a photo
 * (default 64 MiB).
 */
public final class WebDatasetFileFormat extends ReadOnlyFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public String shortName() {
        return "webdataset";
    }

    /** Returns the five columns, and the metadata found in the first samples of the first shard. */
    @Override
    public Option<StructType> inferSchema(SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
        return Option.apply(CollectionConverters.asJava(files).stream()
                .filter(FileStatus::isFile)
                .map(FileStatus::getPath)
                .min(Comparator.naturalOrder())
                .map(first -> SampleColumns.infer(
                        samples(first, spark.sparkContext().hadoopConfiguration(), 0, Content.SIDECARS)))
                .orElse(null));
    }

    @Override
    public boolean supportDataType(DataType type) {
        return SampleColumns.TYPES.contains(type);
    }

    @Override
    RowReader reader(StructType required, java.util.Map<String, String> options) {
        SampleColumns columns = new SampleColumns(required);
        long maxImageBytes = maxImageBytes(options);
        return (file, hadoop) -> new Rows(samples(file.toPath(), hadoop, maxImageBytes, columns.content()), columns);
    }

    private static WebDatasetSamples samples(Path shard, Configuration hadoop, long maxImageBytes, Content content) {
        try {
            WebDatasetSamples samples =
                    WebDatasetSamples.open(shard.toString(), maxImageBytes, content, OptOut.NONE, hadoop);
            closeWithTask(samples);
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open shard " + shard + ": " + e.getMessage(), e);
        }
    }

    private static final class Rows extends AbstractIterator<InternalRow> {
        private final WebDatasetSamples samples;
        private final SampleColumns columns;
        private java.util.Iterator<EncodedImage> images = java.util.Collections.emptyIterator();
        private Object[] metadata = new Object[0];

        Rows(WebDatasetSamples samples, SampleColumns columns) {
            this.samples = samples;
            this.columns = columns;
        }

        @Override
        public boolean hasNext() {
            while (!images.hasNext() && samples.hasNext()) {
                Sample sample = samples.next();
                images = sample.rows().iterator();
                metadata = columns.metadata(sample);
            }
            return images.hasNext();
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            return columns.row(images.next(), metadata);
        }
    }
}
