package io.planisphere.spark.format;

import io.planisphere.image.EncodedImage;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Hadoop SequenceFiles of photos as a Spark source: {@code spark.read().format("imagesequence").load("…/*.seq")}, with Text keys
 * (the ids) and BytesWritable values. Each photo is one row of {@code id, uri, content, status, detail}; a file that cannot be
 * read to its end has one additional row without content. A file is read by one task. Option {@code maxImageBytes} limits the
 * size of a photo (default 64 MiB).
 */
public final class ImageSequenceFileFormat extends ReadOnlyFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public String shortName() {
        return ShardFormat.IMAGESEQUENCE.code();
    }

    @Override
    public Option<StructType> inferSchema(SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
        return Option.apply(SampleColumns.OF_PHOTO);
    }

    @Override
    RowReader reader(StructType required, java.util.Map<String, String> options) {
        SampleColumns columns = new SampleColumns(required);
        long maxImageBytes = maxImageBytes(options);
        return (file, hadoop) -> {
            String uri = file.toPath().toString();
            try {
                ShardReader photos = new ShardSource(uri, ShardFormat.IMAGESEQUENCE, "")
                        .open(maxImageBytes, columns.content(), OptOut.NONE, hadoop);
                closeWithTask(photos);
                return new Rows(photos, columns, required.length());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot open shard " + uri + ": " + e.getMessage(), e);
            }
        };
    }

    private static final class Rows extends AbstractIterator<InternalRow> {
        private final java.util.Iterator<EncodedImage> photos;
        private final SampleColumns columns;
        private final Object[] noMetadata;

        Rows(java.util.Iterator<EncodedImage> photos, SampleColumns columns, int width) {
            this.photos = photos;
            this.columns = columns;
            this.noMetadata = new Object[width];
        }

        @Override
        public boolean hasNext() {
            return photos.hasNext();
        }

        @Override
        public InternalRow next() {
            return columns.row(photos.next(), noMetadata);
        }
    }
}
