package io.planisphere.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.planisphere.source.FileSystems;
import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The work of a run, turned into small Parquet files ({@code <run>/plan/plan=<k>/part-*.parquet}) that a query can stream
 * over, commit and resume by the file: references to photos, or to shards full of them. Each planning takes only what has a
 * uri that no earlier plan holds. A plan that a crash left unfinished is thrown away at the next planning, which must come
 * before any query over the chunks.
 *
 * <p>Planning is one ordinary Spark write; the driver holds nothing per photo.
 */
public final class Plan {
    static final String ID = "id";
    static final String URI = "uri";
    static final String USER = "user";
    static final String LATITUDE = "latitude";
    static final String LONGITUDE = "longitude";
    static final String REJECTED = "rejected";
    static final String LENGTH = "length";
    static final String VIDEO = "video";
    static final String IMPOSSIBLE_PLACE = "impossible_place";

    /**
     * The columns of a chunk. {@code uri} is unique over all plans. {@code user}, {@code latitude} and {@code longitude}
     * may be null; {@code rejected} is null unless there is no photo to fetch, and then says why; {@code length} is that of
     * a shard in bytes, null for a photo.
     */
    public static final StructType SCHEMA = new StructType()
            .add(ID, DataTypes.StringType)
            .add(URI, DataTypes.StringType)
            .add(USER, DataTypes.StringType)
            .add(LATITUDE, DataTypes.DoubleType)
            .add(LONGITUDE, DataTypes.DoubleType)
            .add(REJECTED, DataTypes.StringType)
            .add(LENGTH, DataTypes.LongType);

    /** References in a chunk, at most: what a query commits or repeats at least. */
    public static final long REFERENCES_PER_CHUNK = 10_000;

    private static final String DIRECTORY_PREFIX = "plan=";
    private static final String REFERENCE = "reference";
    private static final String TIMES = "times";
    private static final String EARLIER = "earlier";

    private final SparkSession spark;
    private final Path plans;
    private final FileSystem fs;

    /** @param run the folder {@code _run} of an output */
    public Plan(SparkSession spark, Path run) throws IOException {
        this.spark = spark;
        this.plans = new Path(run, "plan");
        this.fs = run.getFileSystem(spark.sparkContext().hadoopConfiguration());
    }

    /** Matches all chunks of all plans. */
    public String chunkGlob() {
        return Globs.literal(plans.toString()) + "/" + DIRECTORY_PREFIX + "*/part-*.parquet";
    }

    /** All chunks of all plans, in the columns of {@link #SCHEMA}. */
    Dataset<Row> chunks() {
        return spark.read().schema(SCHEMA).parquet(chunkGlob());
    }

    /** Everything in all plans together; counts of skipped things are those of the inputs as last planned. */
    public PlanCounts total() throws IOException {
        return complete().values().stream().map(PlanMarker::counts).reduce(PlanCounts.NONE, PlanCounts::plus);
    }

    /**
     * Plans what is new in {@code inputs}. Inputs whose files are as they were at an earlier planning are not read
     * again.
     *
     * @param perChunk photos, or shards, in a chunk at most
     */
    public PlanCounts extend(List<PhotoInput> inputs, long perChunk) throws IOException {
        discardUnfinished();
        Map<Integer, PlanMarker> earlier = complete();
        int number = earlier.keySet().stream().mapToInt(k -> k + 1).max().orElse(0);
        Path listings = new Path(plans, "_listings");
        Map<String, String> fingerprints = new LinkedHashMap<>();
        List<InputReferences> changed = new ArrayList<>();
        for (PhotoInput input : inputs) {
            InputReferences references = InputReferences.of(input, spark, new Path(listings, changed.size() + ".json"));
            boolean known = earlier.values().stream()
                    .anyMatch(marker -> references
                            .fingerprint()
                            .equals(marker.fingerprints().get(input.given())));
            if (!known) {
                fingerprints.put(input.given(), references.fingerprint());
                changed.add(references);
            }
        }
        PlanCounts counts = PlanCounts.NONE;
        if (!changed.isEmpty()) {
            Path plan = new Path(plans, DIRECTORY_PREFIX + number);
            counts = write(changed, earlier.keySet(), plan, perChunk);
            if (earlier.isEmpty() && counts.planned() == 0) {
                fs.delete(plan, true);
                throw nothingToDo(inputs, counts);
            }
            new PlanMarker(fingerprints, counts).write(plan, fs);
        }
        fs.delete(listings, true);
        return counts;
    }

    private static InputException nothingToDo(List<PhotoInput> inputs, PlanCounts counts) {
        return new InputException("There is no photo in "
                + inputs.stream().map(PhotoInput::given).collect(Collectors.joining(", ")) + ", only "
                + counts.videosSkipped() + " videos and " + counts.otherFilesSkipped()
                + " other files; photos are told by their extension, such as .jpg or .png");
    }

    private PlanCounts write(List<InputReferences> inputs, Set<Integer> earlier, Path plan, long perChunk)
            throws IOException {
        Dataset<Row> references = inputs.stream()
                .map(input -> input.rows().get())
                .reduce(Dataset::unionByName)
                .orElseThrow();
        Dataset<Row> distinct = references
                .groupBy(col(URI))
                .agg(
                        min(struct(ID, USER, LATITUDE, LONGITUDE, REJECTED, LENGTH, VIDEO, IMPOSSIBLE_PLACE))
                                .as(REFERENCE),
                        count(lit(1)).as(TIMES))
                .select(
                        col(REFERENCE + "." + ID),
                        col(URI),
                        col(REFERENCE + "." + USER),
                        col(REFERENCE + "." + LATITUDE),
                        col(REFERENCE + "." + LONGITUDE),
                        col(REFERENCE + "." + REJECTED),
                        col(REFERENCE + "." + LENGTH),
                        col(REFERENCE + "." + VIDEO),
                        col(REFERENCE + "." + IMPOSSIBLE_PLACE),
                        col(TIMES));
        Dataset<Row> marked = earlier.isEmpty()
                ? distinct.withColumn(EARLIER, lit(false))
                : distinct.join(
                                spark.read()
                                        .schema(SCHEMA)
                                        .parquet(earlier.stream()
                                                .map(k ->
                                                        Globs.literal(new Path(plans, DIRECTORY_PREFIX + k).toString()))
                                                .toArray(String[]::new))
                                        .select(col(URI), lit(true).as("known")),
                                CollectionConverters.asScala(List.of(URI)).toSeq(),
                                "left_outer")
                        .withColumn(EARLIER, col("known").isNotNull());
        // Counted where the last stage starts: Spark counts a task of the last stage once, however often it ran.
        Column taken = not(col(VIDEO)).and(not(col(EARLIER)));
        Column scheme = regexp_extract(col(URI), "^([A-Za-z][A-Za-z0-9+.-]*):/", 1);
        Observation observed = new Observation();
        marked.observe(
                        observed,
                        total(lit(1), taken).as("planned"),
                        total(coalesce(col(LENGTH), lit(0L)), taken).as("bytes"),
                        total(lit(1), taken.and(col(REJECTED).isNotNull())).as("rejected"),
                        total(lit(1), taken.and(col(IMPOSSIBLE_PLACE))).as("impossible"),
                        total(lit(1), not(col(VIDEO)).and(col(EARLIER))).as("earlier"),
                        total(col(TIMES).minus(1), not(col(VIDEO))).as("repeated"),
                        total(lit(1), col(VIDEO)).as("videos"),
                        min(when(taken, scheme)).as("first_scheme"),
                        max(when(taken, scheme)).as("last_scheme"))
                .filter(taken)
                .select(ID, URI, USER, LATITUDE, LONGITUDE, REJECTED, LENGTH)
                .write()
                .option("maxRecordsPerFile", perChunk)
                .parquet(plan.toString());
        Map<String, Object> seen = seen(observed);
        PlanCounts counts = new PlanCounts(
                number(seen, "planned"),
                number(seen, "bytes"),
                number(seen, "rejected"),
                number(seen, "impossible"),
                number(seen, "earlier"),
                number(seen, "repeated"),
                number(seen, "videos")
                        + inputs.stream()
                                .mapToLong(InputReferences::videosSkipped)
                                .sum(),
                inputs.stream().mapToLong(InputReferences::otherFilesSkipped).sum());
        checkAgainstFiles(counts, plan);
        checkSchemes(seen);
        return counts;
    }

    private static Column total(Column value, Column where) {
        return sum(when(where, value).otherwise(lit(0)));
    }

    private static Map<String, Object> seen(Observation observed) {
        try {
            return observed.getAsJava();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while planning", e);
        }
    }

    private static long number(Map<String, Object> seen, String name) {
        return seen.get(name) instanceof Number number ? number.longValue() : 0; // a sum over nothing is null
    }

    /** A single strange reference becomes a row; where all are, the job is not worth starting. */
    private void checkSchemes(Map<String, Object> seen) {
        Optional<String> first = missingFileSystem(seen.get("first_scheme"));
        if (first.isPresent() && missingFileSystem(seen.get("last_scheme")).isPresent()) {
            throw new InputException("None of the photos can be fetched. " + first.get());
        }
    }

    private Optional<String> missingFileSystem(@Nullable Object scheme) {
        return scheme instanceof String name && !name.isEmpty()
                ? FileSystems.missing(
                        new Path(name + ":///"), spark.sparkContext().hadoopConfiguration())
                : Optional.empty();
    }

    /** An empty chunk is no work; the others must hold what was counted. */
    private void checkAgainstFiles(PlanCounts counts, Path plan) throws IOException {
        long written = spark.read()
                .schema(SCHEMA)
                .parquet(Globs.literal(plan.toString()))
                .count();
        if (written != counts.planned()) {
            throw new IllegalStateException("The plan " + plan + " holds " + written + " references, but "
                    + counts.planned() + " were counted");
        }
        if (written == 0) {
            for (FileStatus file : fs.listStatus(plan)) {
                fs.delete(file.getPath(), true);
            }
        }
    }

    private void discardUnfinished() throws IOException {
        for (Path plan : directories().values()) {
            if (!PlanMarker.existsIn(plan, fs)) {
                fs.delete(plan, true);
            }
        }
    }

    private Map<Integer, PlanMarker> complete() throws IOException {
        Map<Integer, PlanMarker> complete = new TreeMap<>();
        for (Map.Entry<Integer, Path> plan : directories().entrySet()) {
            if (PlanMarker.existsIn(plan.getValue(), fs)) {
                complete.put(plan.getKey(), PlanMarker.read(plan.getValue(), fs));
            }
        }
        return complete;
    }

    private Map<Integer, Path> directories() throws IOException {
        Map<Integer, Path> found = new TreeMap<>();
        try {
            for (FileStatus directory : fs.listStatus(plans)) {
                String name = directory.getPath().getName();
                if (name.startsWith(DIRECTORY_PREFIX)) {
                    found.put(Integer.valueOf(name.substring(DIRECTORY_PREFIX.length())), directory.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return found; // nothing was planned yet
        }
        return found;
    }
}
