package io.planisphere.benchmark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.planisphere.Planisphere;
import io.planisphere.infer.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures queries over 1,024 photos in Parquet with two cores, in milliseconds per photo: {@code method} by {@link Planisphere},
 * {@code function} by the SQL function, {@code catalog} by that of a catalog in a session without the extension, which is
 * evaluated photo by photo.
 *
 * <pre>mvn -B -q -Pjmh test-compile exec:exec -Djmh.args="FunctionBenchmark -p photos=PHOTOS"</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FunctionBenchmark {
    private static final int PHOTOS = 1024;

    /** A size or a folder, see {@link BenchmarkPhotos}. */
    @Param("500x375")
    public String photos = "";

    /** The job whose values are computed. */
    @Param({"classify", "locate"})
    public String job = "";

    private final SparkSession session = SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.catalog.photos", "io.planisphere.PlanisphereCatalog")
            .getOrCreate();
    private final SparkSession extended = session.newSession();
    private Path folder = Path.of("");

    /** Writes the photos. */
    @Setup
    public void write() throws IOException {
        Planisphere.register(extended);
        List<byte[]> read = BenchmarkPhotos.of(photos);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < PHOTOS; i++) {
            String id = Integer.toString(i);
            rows.add(RowFactory.create(id, id, read.get(i % read.size())));
        }
        folder = Files.createTempDirectory("planisphere-photos");
        session.createDataFrame(rows, StructType.fromDDL("id string, uri string, content binary"))
                .repartition(8)
                .write()
                .parquet(folder.resolve("photos").toString());
    }

    /** Ends Spark, which ends with the process anyway, and deletes the photos. */
    @TearDown
    public void delete() throws IOException {
        session.stop();
        Session.closeShared();
        FileUtils.deleteDirectory(folder.toFile());
    }

    private Dataset<Row> read(SparkSession from) {
        return from.read().parquet(folder.resolve("photos").toString());
    }

    private static void run(Dataset<Row> query) {
        query.write().format("noop").mode("overwrite").save();
    }

    /** Rows of a method of {@link Planisphere}. */
    @Benchmark
    @OperationsPerInvocation(PHOTOS)
    public void method() {
        Dataset<Row> read = read(session);
        run(
                job.equals("classify")
                        ? Planisphere.classify(read, "builtin:mobilenet-v2")
                        : Planisphere.locate(read, "builtin:earth"));
    }

    /** Values of the SQL function. */
    @Benchmark
    @OperationsPerInvocation(PHOTOS)
    public void function() {
        run(read(extended).select(col("id"), expr(job + "(content)")));
    }

    /** Values of a catalog's function. */
    @Benchmark
    @OperationsPerInvocation(PHOTOS)
    public void catalog() {
        run(read(session).select(col("id"), expr("photos." + job + "(content)")));
    }
}
