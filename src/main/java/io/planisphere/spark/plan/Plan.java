package io.planisphere.spark.plan;

import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.ShardFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The work of a run, turned into small Parquet files ({@code <run>/plan/plan=<k>/part-*.parquet}) that a query can stream
 * over, commit and resume by the file: references to photos, or to shards full of them. Each planning takes only what has a
 * uri that no earlier plan holds. A plan that a crash left unfinished is thrown away at the next planning, which must come
 * before any query over the chunks.
 *
 * <p>Planning is one ordinary Spark write; the driver holds nothing per photo.
 */
public final class Plan {
    public static final String ID = "id";
    public static final String URI = "uri";
    public static final String USER = "user";
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String TAKEN = "taken";
    public static final String REJECTED = "rejected";
    public static final String LENGTH = "length";
    public static final String FORMAT = "format";
    public static final String COLUMN = "column";
    public static final String METADATA = "metadata";
    static final String VIDEO = "video";
    static final String IMPOSSIBLE_PLACE = "impossible_place";

    /**
     * The columns of a chunk. {@code uri} is unique over all plans. {@code user}, {@code latitude}, {@code longitude} and
     * {@code taken}, the camera's clock whose zone nobody knows, may be null; {@code rejected} is null unless there is no photo
     * to fetch, and then says why; {@code length} is that of a shard in bytes, {@code format} its {@link ShardFormat} (null for
     * a tar planned before there were others) and {@code column} where a Parquet file has its photos, all null for a photo;
     * {@code metadata} is what else the input says about a photo, a JSON object, null unless the job asks for it.
     */
    public static final StructType SCHEMA = new StructType()
            .add(ID, DataTypes.StringType)
            .add(URI, DataTypes.StringType)
            .add(USER, DataTypes.StringType)
            .add(LATITUDE, DataTypes.DoubleType)
            .add(LONGITUDE, DataTypes.DoubleType)
            .add(REJECTED, DataTypes.StringType)
            .add(LENGTH, DataTypes.LongType)
            .add(TAKEN, DataTypes.TimestampNTZType)
            .add(FORMAT, DataTypes.StringType)
            .add(COLUMN, DataTypes.StringType)
            .add(METADATA, DataTypes.StringType);

    /** References in a chunk, at most: what a query commits or repeats at least. */
    public static final long REFERENCES_PER_CHUNK = 10_000;

    private static final String DIRECTORY_PREFIX = "plan=";

    private final SparkSession spark;
    private final Path plans;
    private final FileSystem fs;
    private final Metadata metadata;

    /** @param run the folder {@code _run} of an output */
    public Plan(SparkSession spark, Path run) throws IOException {
        this(spark, run, Metadata.LEFT);
    }

    /** Whether all that inputs say about a photo goes into the plan. */
    public enum Metadata {
        LEFT,
        KEPT
    }

    /** @param run the folder {@code _run} of an output */
    public Plan(SparkSession spark, Path run, Metadata metadata) throws IOException {
        this.metadata = metadata;
        this.spark = spark;
        this.plans = new Path(run, "plan");
        this.fs = run.getFileSystem(spark.sparkContext().hadoopConfiguration());
    }

    /** Matches all chunks of all plans. */
    public String chunkGlob() {
        return Globs.literal(plans.toString()) + "/" + DIRECTORY_PREFIX + "*/part-*.parquet";
    }

    /** All chunks of all plans, in the columns of {@link #SCHEMA}. */
    public Dataset<Row> chunks() {
        return spark.read().schema(SCHEMA).parquet(chunkGlob());
    }

    /** Everything in all plans together. */
    public PlanTotal total() throws IOException {
        Collection<PlanMarker> markers = complete().values();
        Map<String, PlanMarker.Input> latest = new HashMap<>();
        markers.forEach(marker -> latest.putAll(marker.inputs()));
        return new PlanTotal(
                sum(markers, marker -> marker.counts().planned()),
                sum(markers, marker -> marker.counts().bytes()),
                sum(markers, marker -> marker.counts().rejected()),
                sum(markers, marker -> marker.counts().impossiblePlaces()),
                sum(latest.values(), PlanMarker.Input::videosSkipped),
                sum(latest.values(), PlanMarker.Input::otherFilesSkipped));
    }

    private static <T> long sum(Collection<T> all, ToLongFunction<T> value) {
        return all.stream().mapToLong(value).sum();
    }

    /** Plans what is new in {@code inputs}, manifests as {@link Allowed#DEFAULT} has it. */
    public PlanCounts extend(List<PhotoInput> inputs, long perChunk) throws IOException {
        return extend(inputs, perChunk, Allowed.DEFAULT);
    }

    /**
     * Plans what is new in {@code inputs}. Inputs whose files are as they were at an earlier planning are not read
     * again.
     *
     * @param perChunk photos, or shards, in a chunk at most
     * @param allowed what manifests may name; the rest is planned as rejected
     */
    public PlanCounts extend(List<PhotoInput> inputs, long perChunk, Allowed allowed) throws IOException {
        discardUnfinished();
        Map<Integer, PlanMarker> earlier = complete();
        int number = earlier.keySet().stream().mapToInt(k -> k + 1).max().orElse(0);
        Path listings = new Path(plans, "_listings");
        Map<String, InputReferences> changed = new LinkedHashMap<>();
        for (PhotoInput input : inputs) {
            InputReferences references =
                    InputReferences.of(input, spark, new Path(listings, changed.size() + ".json"), metadata, allowed);
            boolean known = earlier.values().stream()
                    .map(marker -> marker.inputs().get(input.given()))
                    .anyMatch(was -> was != null && was.fingerprint().equals(references.fingerprint()));
            if (!known) {
                changed.put(input.given(), references);
            }
        }
        PlanCounts counts = PlanCounts.NONE;
        if (!changed.isEmpty()) {
            Path plan = directory(number);
            List<Path> earlierPlans =
                    earlier.keySet().stream().map(this::directory).toList();
            PlanMarker marker = new PlanWrite(spark, earlierPlans, plan).of(changed, perChunk);
            counts = marker.counts();
            if (earlier.isEmpty() && counts.planned() == 0) {
                fs.delete(plan, true);
                throw nothingToDo(inputs, counts);
            }
            marker.write(plan, fs);
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

    private Path directory(int number) {
        return new Path(plans, DIRECTORY_PREFIX + number);
    }

    private void discardUnfinished() throws IOException {
        for (Path plan : directories().values()) {
            if (PlanMarker.of(plan, fs).isEmpty()) {
                fs.delete(plan, true);
            }
        }
    }

    private Map<Integer, PlanMarker> complete() throws IOException {
        Map<Integer, PlanMarker> complete = new TreeMap<>();
        for (Map.Entry<Integer, Path> plan : directories().entrySet()) {
            PlanMarker.of(plan.getValue(), fs).ifPresent(marker -> complete.put(plan.getKey(), marker));
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
