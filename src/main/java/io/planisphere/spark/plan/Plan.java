package io.planisphere.spark.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.commit.LogState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The planned work of an output, as small Parquet files ({@code <run>/plan/<plan>/part-*.parquet}): references to photos or to
 * shards. Each plan adds only uris that no earlier plan has, and takes effect once it is in the commit log; the plan of an
 * interrupted run is not in the log.
 *
 * <p>The units of work, chunks of references or shards, have a fixed order over all plans. Batches are ranges of units.
 *
 * <p>Planning is an ordinary Spark write; the driver holds nothing per photo.
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
    public static final String MANIFEST = "manifest";
    /** The column with the bytes of a photo from a table; not in the chunks, but in {@link #references}. */
    public static final String CONTENT = "content";

    static final String VIDEO = "video";
    static final String IMPOSSIBLE_PLACE = "impossible_place";

    /**
     * The columns of a chunk. {@code uri} is unique over all plans. {@code user}, {@code latitude}, {@code longitude} and {@code
     * taken}, the camera's local time in an unknown time zone, may be null; {@code rejected} is the reason if there is no photo
     * to fetch, else null; {@code length} is the length of a shard in bytes, {@code format} its {@link ShardFormat} (null for a
     * tar planned before there were other formats) and {@code column} the column of photos in a Parquet file, all null for a
     * photo; {@code metadata} is other metadata of the photo in the input, a JSON object, null unless the job requests it; {@code
     * manifest} is the location of the manifest that names the photo, {@link #LOCAL} or {@link #ELSEWHERE}, null if there is
     * none.
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
            .add(METADATA, DataTypes.StringType)
            .add(MANIFEST, DataTypes.StringType);

    /** The value for a manifest on a local disk. */
    public static final String LOCAL = "local";

    public static final String ELSEWHERE = "elsewhere";

    /** Maximum number of references in a chunk, the unit of batches. */
    private static final long REFERENCES_PER_CHUNK = 10_000;

    /** Session setting for another maximum, for tests of several batches with few photos. */
    private static final String CHUNK_SIZE = "spark.planisphere.referencesPerChunk";

    /** The join key of references, rows and photos. */
    public static final Seq<String> BY_URI =
            CollectionConverters.asScala(List.of(URI)).toSeq();

    private static final String LISTINGS = "_listings-";
    private static final Pattern NAME = Pattern.compile("(?:plan|_listings)-(\\d+).*");

    private final SparkSession spark;
    private final Path plans;
    private final FileSystem fs;
    private final LogState state;
    private final Map<String, List<Row>> shardsOfPlan = new ConcurrentHashMap<>();

    /** @param run the folder {@code _run} of an output */
    private Plan(SparkSession spark, Path run, LogState state) throws IOException {
        this.spark = spark;
        this.plans = new Path(run, "plan");
        this.fs = run.getFileSystem(spark.sparkContext().hadoopConfiguration());
        this.state = state;
    }

    /**
     * Returns the plan of an output according to its commit log.
     *
     * @param run the folder {@code _run} of an output
     * @param state state of the log; later plans become visible when they are added to it
     */
    public static Plan of(SparkSession spark, Path run, LogState state) throws IOException {
        return new Plan(spark, run, state);
    }

    /** Returns the plan of an output for reading only. */
    public static Plan read(SparkSession spark, Path run) throws IOException {
        FileSystem fs = run.getFileSystem(spark.sparkContext().hadoopConfiguration());
        return new Plan(spark, run, CommitLog.read(CommittedRows.log(run), fs));
    }

    /** Returns the maximum number of references in a chunk of new plans. */
    public static long referencesPerChunk(SparkSession spark) {
        return Long.parseLong(spark.conf().get(CHUNK_SIZE, Long.toString(REFERENCES_PER_CHUNK)));
    }

    /** Whether all metadata of a photo in the inputs goes into the plan. */
    public enum Metadata {
        LEFT,
        KEPT
    }

    /** Returns all chunks of all plans, in the columns of {@link #SCHEMA}. */
    public Dataset<Row> chunks() throws IOException {
        return read(folders());
    }

    private Dataset<Row> read(List<String> paths) {
        return paths.isEmpty()
                ? spark.createDataFrame(List.of(), SCHEMA)
                : spark.read()
                        .schema(SCHEMA)
                        .parquet(paths.stream().map(Globs::literal).toArray(String[]::new));
    }

    private List<String> folders() throws IOException {
        return complete().stream()
                .filter(plan -> plan.counts().planned() > 0) // an object store has no empty folders
                .map(plan -> new Path(plans, plan.folder()).toString())
                .toList();
    }

    /** Returns whether nothing was ever planned. */
    public boolean isEmpty() {
        return state.plans().isEmpty();
    }

    /** Returns the number of units of work in all plans. */
    public long units() throws IOException {
        return sum(complete(), PlanMarker::units);
    }

    /**
     * Returns some chunks of references, in the columns of {@link #SCHEMA}, plus {@link #CONTENT} if some photos are in tables.
     *
     * @param from the first unit
     * @param to the unit after the last one
     */
    public Dataset<Row> references(long from, long to) throws IOException {
        List<Dataset<Row>> chunks = new ArrayList<>();
        long first = 0;
        for (PlanMarker plan : complete()) {
            long end = first + plan.units();
            if (first < to && from < end) {
                List<String> files = files(plan);
                chunks.add(withContent(
                        read(files.subList((int) Math.max(0, from - first), (int) (Math.min(to, end) - first))), plan));
            }
            first = end;
        }
        return union(chunks);
    }

    /**
     * Returns some references.
     *
     * @param wanted their {@code uri}s without repetition; other columns are kept in the result
     */
    public Dataset<Row> references(Dataset<Row> wanted) throws IOException {
        List<Dataset<Row>> chunks = new ArrayList<>();
        for (PlanMarker plan : complete()) {
            if (plan.counts().planned() > 0) {
                Dataset<Row> planned = read(List.of(new Path(plans, plan.folder()).toString()));
                chunks.add(withContent(planned.join(wanted, BY_URI, "inner"), plan));
            }
        }
        return union(chunks);
    }

    private Dataset<Row> union(List<Dataset<Row>> chunks) {
        return chunks.stream()
                .reduce((one, other) -> one.unionByName(other, true))
                .orElseGet(() -> read(List.of()));
    }

    /** Adds the photos from the planned tables, at their planned versions. */
    private Dataset<Row> withContent(Dataset<Row> references, PlanMarker plan) {
        return plan.inputs().values().stream()
                .flatMap(input -> Optional.ofNullable(input.table()).stream())
                .filter(TableInput::holdsPhotos)
                .map(table -> table.photos(spark))
                .reduce(Dataset::unionByName)
                // otherwise photos of other references would be shuffled, too
                .map(photos -> photos.join(references.select(URI), BY_URI, "left_semi"))
                .map(photos -> references.join(photos, BY_URI, "left_outer"))
                .orElse(references);
    }

    /**
     * Throws if a failure was caused by photos of tables whose files are gone.
     *
     * @param failure failure of a job that has read references
     * @throws InputException if the files of a table are gone
     */
    public void refuseIfGone(Throwable failure) throws IOException {
        for (PlanMarker plan : complete()) {
            for (PlanMarker.Input input : plan.inputs().values()) {
                TableInput table = input.table();
                if (table != null && table.holdsPhotos()) {
                    table.snapshot().refuseIfGone(failure);
                }
            }
        }
    }

    /** Returns the files of a plan by name, which is their permanent order. */
    private List<String> files(PlanMarker plan) throws IOException {
        List<String> files = PlanWrite.chunks(new Path(plans, plan.folder()), fs);
        if (files.size() != plan.units()) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "The plan %s has %d files, but %d were written; were some deleted by hand?",
                    new Path(plans, plan.folder()),
                    files.size(),
                    plan.units()));
        }
        return files;
    }

    /**
     * Returns some shards, one row each.
     *
     * @param from the first unit
     * @param to the unit after the last one
     */
    public List<Row> shards(long from, long to) throws IOException {
        List<Row> shards = new ArrayList<>();
        long first = 0;
        for (PlanMarker plan : complete()) {
            long end = first + plan.units();
            if (first < to && from < end) {
                List<Row> all = ofPlan(plan);
                shards.addAll(all.subList((int) Math.max(0, from - first), (int) (Math.min(to, end) - first)));
            }
            first = end;
        }
        return shards;
    }

    private List<Row> ofPlan(PlanMarker plan) {
        return shardsOfPlan.computeIfAbsent(
                plan.folder(),
                folder -> read(List.of(new Path(plans, folder).toString()))
                        .select(URI, LENGTH, FORMAT, COLUMN)
                        .orderBy(URI)
                        .collectAsList());
    }

    /** Returns the totals of all plans. */
    public PlanTotal total() throws IOException {
        List<PlanMarker> markers = complete();
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

    /**
     * Plans new references of {@code inputs}, and records the plan in the log. Inputs whose files are unchanged since an earlier
     * plan are not read again.
     *
     * @param log commit log that this plan was read from
     * @param messages called with a message for changes in inputs that were planned before
     */
    public PlanCounts extend(List<PhotoInput> inputs, Metadata metadata, CommitLog log, Consumer<String> messages)
            throws IOException {
        removeGarbage(log);
        List<PlanMarker> earlier = complete();
        Path listings = new Path(plans, LISTINGS + log.epoch());
        Map<String, InputReferences> changed = new LinkedHashMap<>();
        for (PhotoInput input : inputs) {
            InputReferences references =
                    InputReferences.of(input, spark, new Path(listings, changed.size() + ".json"), metadata);
            boolean known = earlier.stream()
                    .map(marker -> marker.inputs().get(input.given()))
                    .anyMatch(was -> was != null && was.fingerprint().equals(references.fingerprint()));
            if (!known) {
                changed.put(input.given(), references);
                references
                        .table()
                        .flatMap(table -> changes(input.given(), table, earlier))
                        .ifPresent(messages);
            }
        }
        PlanCounts counts = PlanCounts.NONE;
        if (!changed.isEmpty()) {
            Path plan = new Path(plans, String.format(Locale.ROOT, "plan-%d-%d", log.epoch(), earlier.size()));
            PlanMarker marker = new PlanWrite(spark, chunks(), plan).of(changed);
            counts = marker.counts();
            if (earlier.isEmpty() && counts.planned() == 0) {
                fs.delete(plan, true);
                throw nothingToDo(inputs, counts);
            }
            log.plan(marker.json());
        }
        fs.delete(listings, true);
        return counts;
    }

    /**
     * Checks that all tables can be planned, without writing anything.
     *
     * @throws InputException if one cannot be planned
     */
    public static void requireTables(SparkSession spark, List<PhotoInput> inputs) {
        for (PhotoInput input : inputs) {
            if (input instanceof PhotoInput.Table table) {
                TableInput.current(spark, table).requireKeys(spark);
            }
        }
    }

    private Optional<String> changes(String given, TableInput table, List<PlanMarker> earlier) {
        return earlier.stream()
                .flatMap(plan -> Optional.ofNullable(plan.inputs().get(given)).stream())
                .flatMap(input -> Optional.ofNullable(input.table()).stream())
                .reduce((before, after) -> after)
                .flatMap(planned -> table.changesSince(spark, planned));
    }

    private static InputException nothingToDo(List<PhotoInput> inputs, PlanCounts counts) {
        return new InputException("There is no photo in "
                + inputs.stream().map(PhotoInput::given).collect(Collectors.joining(", ")) + ", only "
                + counts.videosSkipped() + " videos and " + counts.otherFilesSkipped()
                + " other files; photos are told by their extension, such as .jpg or .png");
    }

    /** Removes files left by interrupted planning. Files of a later run are kept. */
    private void removeGarbage(CommitLog log) throws IOException {
        Set<String> known = complete().stream().map(PlanMarker::folder).collect(Collectors.toSet());
        try {
            for (FileStatus entry : fs.listStatus(plans)) {
                Matcher name = NAME.matcher(entry.getPath().getName());
                if (name.matches()
                        && Long.parseLong(name.group(1)) <= log.epoch()
                        && !known.contains(entry.getPath().getName())) {
                    fs.delete(entry.getPath(), true);
                }
            }
        } catch (FileNotFoundException e) {
            return; // nothing was planned yet
        }
    }

    private List<PlanMarker> complete() throws IOException {
        List<PlanMarker> complete = new ArrayList<>();
        for (JsonNode plan : state.plans()) {
            complete.add(PlanMarker.of(plan));
        }
        return complete;
    }
}
