package io.planisphere.benchmark;

import io.planisphere.image.Status;
import io.planisphere.infer.Inferred;
import io.planisphere.model.ModelPackage;
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.Scored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import scala.collection.immutable.Map$;

/**
 * Measures one row of {@code locate} with five cells, in microseconds: {@code row} from the network's 440 scores to Spark's
 * row, {@code encode} from there to Spark's binary form, as the job's encoder does it, and {@code parquet} from the binary form
 * into a file by the writer that the job uses, over 10,000 rows and including the close of the file.
 *
 * <pre>mvn -B -q -Pjmh test-compile exec:exec -Djmh.args=RowBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RowBenchmark {
    private static final int ROWS = 10_000;

    private final SparkSession spark = SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .getOrCreate();
    private final List<Scored> photos = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<InternalRow> encoded = new ArrayList<>();
    private final LocateRows locate = locate(spark);
    private final Function<Scored, Row> toRow = locate.open();
    private final ExpressionEncoder.Serializer<Row> serializer =
            ExpressionEncoder.apply(locate.schema()).createSerializer();
    private final Job job = job(spark);
    private final OutputWriterFactory writers =
            new ParquetFileFormat().prepareWrite(spark, job, Map$.MODULE$.empty(), locate.schema());
    private final TaskAttemptContext task = new TaskAttemptContextImpl(job.getConfiguration(), new TaskAttemptID());
    private Path folder = Path.of("");
    private int next;

    private static Job job(SparkSession spark) {
        try {
            return Job.getInstance(spark.sessionState().newHadoopConf());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocateRows locate(SparkSession spark) {
        GeolocationModel earth = new GeolocationModel(ModelPackage.open("builtin:earth", new Configuration()));
        return new LocateRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(earth),
                new PlaceRule(5, null, 0, 1),
                null);
    }

    /** Starts Spark for its settings and the broadcast; no Spark job is measured. */
    @Setup
    public void make() throws IOException {
        folder = Files.createTempDirectory("planisphere-rows");
        Random random = new Random(3);
        int cells = locate.geolocation().value().hierarchy().finest().cells().size();
        for (int i = 0; i < ROWS; i++) {
            float[] scores = new float[cells];
            for (int cell = 0; cell < cells; cell++) {
                scores[cell] = (float) (3 * random.nextGaussian());
            }
            String id = String.format(Locale.ROOT, "photo%06d", i);
            photos.add(new Scored(
                    id,
                    "s3a://bucket/shards/000042.tar#" + id + ".jpg",
                    Status.OK,
                    null,
                    500,
                    375,
                    List.of(new Inferred.Outputs(new float[][] {scores}))));
            rows.add(toRow.apply(photos.get(i)));
            encoded.add(serializer.apply(rows.get(i)).copy());
        }
    }

    @Benchmark
    public Row row() {
        return toRow.apply(photos.get(turn()));
    }

    @Benchmark
    public InternalRow encode() {
        return serializer.apply(rows.get(turn()));
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void parquet() throws IOException {
        Path file = folder.resolve(turn() + ".parquet");
        OutputWriter writer = writers.newInstance(file.toString(), locate.schema(), task);
        for (InternalRow row : encoded) {
            writer.write(row);
        }
        writer.close();
        Files.delete(file);
        Files.deleteIfExists(folder.resolve("." + file.getFileName() + ".crc"));
    }

    private int turn() {
        next = (next + 1) % ROWS;
        return next;
    }

    @TearDown
    public void close() throws IOException {
        spark.stop();
        Files.delete(folder);
    }
}
