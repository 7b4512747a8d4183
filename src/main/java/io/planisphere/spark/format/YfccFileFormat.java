package io.planisphere.spark.format;

import io.planisphere.source.YfccLine;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.SplittableCompressionCodec;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.HadoopFileLinesReader;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * The YFCC100M metadata as a Spark source: {@code spark.read().format("yfcc100m").load(file)}, plain, {@code .bz2} (both split
 * over many tasks) or {@code .gz}. Each line is one row, including videos and malformed lines.
 */
public final class YfccFileFormat extends ReadOnlyFileFormat {
    private static final long serialVersionUID = 1L;
    private static final byte[] LINE_END = "\n".getBytes(StandardCharsets.UTF_8);

    @Override
    public String shortName() {
        return "yfcc100m";
    }

    @Override
    public Option<StructType> inferSchema(SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
        return Option.apply(YfccColumns.SCHEMA);
    }

    @Override
    public boolean isSplitable(SparkSession spark, Map<String, String> options, Path path) {
        CompressionCodec codec =
                new CompressionCodecFactory(spark.sparkContext().hadoopConfiguration()).getCodec(path);
        return codec == null || codec instanceof SplittableCompressionCodec;
    }

    @Override
    RowReader reader(StructType required, java.util.Map<String, String> options) {
        YfccColumns columns = new YfccColumns(required);
        return (file, hadoop) -> {
            HadoopFileLinesReader lines = new HadoopFileLinesReader(file, Option.apply(LINE_END), hadoop);
            closeWithTask(lines);
            return new Rows(lines, columns);
        };
    }

    private static final class Rows extends AbstractIterator<InternalRow> {
        private final HadoopFileLinesReader lines;
        private final YfccColumns columns;

        Rows(HadoopFileLinesReader lines, YfccColumns columns) {
            this.lines = lines;
            this.columns = columns;
        }

        @Override
        public boolean hasNext() {
            return lines.hasNext();
        }

        @Override
        public InternalRow next() {
            Text line = lines.next();
            return columns.row(YfccLine.parse(line.toString()));
        }
    }
}
