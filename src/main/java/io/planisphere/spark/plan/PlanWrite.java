package io.planisphere.spark.plan;

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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Writes one plan: each uri once, without those of earlier plans, counted in the same pass. If a uri occurs several times, the
 * reference that sorts first is kept, so that the plan does not depend on the order of reading.
 */
final class PlanWrite {
    private static final String REFERENCE = "reference";
    private static final String TIMES = "times";
    private static final String EARLIER = "earlier";
    private static final String INPUT = "input";
    private static final String VIDEOS = "videos_";
    private static final Column TAKEN = not(col(Plan.VIDEO)).and(not(col(EARLIER)));

    private final SparkSession spark;
    private final Dataset<Row> earlier;
    private final Path plan;

    /** @param earlier references of earlier plans */
    PlanWrite(SparkSession spark, Dataset<Row> earlier, Path plan) {
        this.spark = spark;
        this.earlier = earlier;
        this.plan = plan;
    }

    /**
     * Writes the plan without its marker.
     *
     * @param inputs references by input as given
     * @throws InputException if no photo of the plan can be fetched
     */
    PlanMarker of(Map<String, InputReferences> inputs) throws IOException {
        Observation observed = new Observation();
        Dataset<Row> references = withEarlier(distinct(union(inputs)));
        Column[] counts = counts(inputs.size());
        references
                .observe(observed, counts[0], rest(counts))
                .filter(TAKEN)
                .select(columns(Plan.SCHEMA.fieldNames()))
                .write()
                .option("maxRecordsPerFile", Plan.referencesPerChunk(spark))
                .parquet(plan.toString());
        Observed seen = Observed.of(observed).orElseGet(() -> counted(references, counts));
        PlanCounts counted = counts(seen, inputs);
        checkAgainstFiles(counted);
        checkSchemes(seen);
        return new PlanMarker(plan.getName(), units(seen, counted), described(seen, inputs), counted);
    }

    private static Dataset<Row> union(Map<String, InputReferences> inputs) {
        List<Dataset<Row>> all = new ArrayList<>();
        for (InputReferences input : inputs.values()) {
            all.add(input.rows().get().withColumn(INPUT, lit(all.size())));
        }
        return all.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    private static Dataset<Row> distinct(Dataset<Row> references) {
        String[] others = Stream.of(references.columns())
                .filter(name -> !name.equals(Plan.URI))
                .toArray(String[]::new);
        return references
                .groupBy(col(Plan.URI))
                .agg(min(struct(columns(others))).as(REFERENCE), count(lit(1)).as(TIMES))
                .select(col(Plan.URI), col(REFERENCE + ".*"), col(TIMES));
    }

    private Dataset<Row> withEarlier(Dataset<Row> distinct) {
        String known = "known";
        Dataset<Row> planned = earlier.select(col(Plan.URI), lit(true).as(known));
        return distinct.join(
                        planned, CollectionConverters.asScala(List.of(Plan.URI)).toSeq(), "left_outer")
                .withColumn(EARLIER, col(known).isNotNull());
    }

    /** Returns the same counts without a write, by reading the inputs again; not all of them can be computed from the chunks. */
    private static Observed counted(Dataset<Row> references, Column[] counts) {
        Row counted = references.agg(counts[0], rest(counts)).head();
        Map<String, Object> values = new HashMap<>();
        for (String name : counted.schema().fieldNames()) {
            values.put(name, counted.getAs(name));
        }
        return new Observed(values);
    }

    private static Column[] rest(Column[] columns) {
        return Arrays.copyOfRange(columns, 1, columns.length);
    }

    // Counts at the beginning of the last stage, so that each row is counted once.
    private static Column[] counts(int inputs) {
        Column scheme = regexp_extract(col(Plan.URI), "^([A-Za-z][A-Za-z0-9+.-]*):/", 1);
        List<Column> counts = new ArrayList<>(List.of(
                total(lit(1), TAKEN).as("planned"),
                total(coalesce(col(Plan.LENGTH), lit(0L)), TAKEN).as("bytes"),
                total(lit(1), TAKEN.and(col(Plan.FORMAT).isNotNull())).as("shards"),
                total(lit(1), TAKEN.and(col(Plan.REJECTED).isNotNull())).as("rejected"),
                total(lit(1), TAKEN.and(col(Plan.IMPOSSIBLE_PLACE))).as("impossible"),
                total(lit(1), not(col(Plan.VIDEO)).and(col(EARLIER))).as("earlier"),
                total(col(TIMES).minus(1), not(col(Plan.VIDEO))).as("repeated"),
                min(when(TAKEN, scheme)).as("first_scheme"),
                max(when(TAKEN, scheme)).as("last_scheme")));
        for (int input = 0; input < inputs; input++) {
            counts.add(total(lit(1), col(Plan.VIDEO).and(col(INPUT).equalTo(input)))
                    .as(VIDEOS + input));
        }
        return counts.toArray(Column[]::new);
    }

    private static Map<String, PlanMarker.Input> described(Observed seen, Map<String, InputReferences> references) {
        Map<String, PlanMarker.Input> inputs = new LinkedHashMap<>();
        references.forEach((given, input) -> inputs.put(
                given,
                new PlanMarker.Input(
                        input.fingerprint(),
                        input.videosSkipped() + seen.number(VIDEOS + inputs.size()),
                        input.otherFilesSkipped(),
                        input.table().orElse(null))));
        return inputs;
    }

    private static PlanCounts counts(Observed seen, Map<String, InputReferences> references) {
        Collection<PlanMarker.Input> inputs = described(seen, references).values();
        return new PlanCounts(
                seen.number("planned"),
                seen.number("bytes"),
                seen.number("rejected"),
                seen.number("impossible"),
                seen.number("earlier"),
                seen.number("repeated"),
                inputs.stream().mapToLong(PlanMarker.Input::videosSkipped).sum(),
                inputs.stream().mapToLong(PlanMarker.Input::otherFilesSkipped).sum());
    }

    /** Returns the number of units: shards, which are large, are one unit each; references form one unit per chunk. */
    private long units(Observed seen, PlanCounts counts) throws IOException {
        return seen.number("shards") > 0
                ? counts.planned()
                : chunks(plan, plan.getFileSystem(spark.sparkContext().hadoopConfiguration()))
                        .size();
    }

    /** Returns the files of a plan, by name. */
    static List<String> chunks(Path plan, FileSystem fs) throws IOException {
        List<String> chunks = new ArrayList<>();
        try {
            for (FileStatus file : fs.listStatus(plan)) {
                if (file.getPath().getName().startsWith("part-")) {
                    chunks.add(file.getPath().toString());
                }
            }
        } catch (FileNotFoundException e) {
            return chunks; // a plan without work has no folder
        }
        chunks.sort(null);
        return chunks;
    }

    private static Column total(Column value, Column where) {
        return sum(when(where, value).otherwise(lit(0)));
    }

    private static Column[] columns(String... names) {
        return Stream.of(names).map(name -> col(name)).toArray(Column[]::new);
    }

    /** Fails if no reference has a supported scheme. A single unsupported reference becomes a row instead. */
    private void checkSchemes(Observed seen) {
        Optional<String> first = missingFileSystem(seen.values().get("first_scheme"));
        if (first.isPresent()
                && missingFileSystem(seen.values().get("last_scheme")).isPresent()) {
            throw new InputException("None of the photos can be fetched. " + first.get());
        }
    }

    private Optional<String> missingFileSystem(@Nullable Object scheme) {
        return scheme instanceof String name && !name.isEmpty()
                ? FileSystems.missing(
                        new Path(name + ":///"), spark.sparkContext().hadoopConfiguration())
                : Optional.empty();
    }

    /** Checks that the chunks match the counts, and removes the files of an empty plan. */
    private void checkAgainstFiles(PlanCounts counts) throws IOException {
        long written = spark.read()
                .schema(Plan.SCHEMA)
                .parquet(Globs.literal(plan.toString()))
                .count();
        if (written != counts.planned()) {
            throw new IllegalStateException("The plan " + plan + " holds " + written + " references, but "
                    + counts.planned() + " were counted");
        }
        if (written == 0) {
            FileSystem fs = plan.getFileSystem(spark.sparkContext().hadoopConfiguration());
            for (FileStatus file : fs.listStatus(plan)) {
                fs.delete(file.getPath(), true);
            }
        }
    }
}
