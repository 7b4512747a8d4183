package io.planisphere.spark.evaluate;

import io.planisphere.source.GivenPath;
import io.planisphere.source.SidecarIds;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * An external table of places: CSV or TSV with a header, plain or compressed, or Parquet; a file, a folder of files, or a glob.
 * The format is inferred from the name; columns are found by case-insensitive headings. Metadata of photos can also be read as a
 * table: {@code yfcc100m:FILE} for YFCC100M metadata, {@code webdataset:GLOB} for sidecars in tars, {@code run:OUTPUT} for the
 * metadata in the inputs of an earlier run.
 */
public final class PlaceTable {
    private static final String YFCC = "yfcc100m:";
    private static final String WEBDATASET = "webdataset:";
    private static final String RUN = "run:";
    private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|lz4|snappy)$");

    /**
     * A column to find.
     *
     * @param name name in the result
     * @param headings possible headings in the table, the most likely first
     */
    public record Heading(String name, List<String> headings) {
        public Heading {
            headings = List.copyOf(headings);
        }

        boolean isCalled(String heading) {
            return headings.stream().anyMatch(heading::equalsIgnoreCase);
        }

        /** Returns the column of degrees north. */
        public static Heading latitude(Optional<String> heading) {
            return new Heading("latitude", heading.map(List::of).orElse(List.of("latitude", "lat")));
        }

        /** Returns the column of degrees east. */
        public static Heading longitude(Optional<String> heading) {
            return new Heading("longitude", heading.map(List::of).orElse(List.of("longitude", "lon", "lng", "long")));
        }

        /** Returns the column of the user who took the photo. */
        public static Heading user(Optional<String> heading) {
            return new Heading("user", heading.map(List::of).orElse(SidecarIds.USER));
        }
    }

    private final String uri;
    private final Dataset<Row> rows;

    private PlaceTable(String uri, Dataset<Row> rows) {
        this.uri = uri;
        this.rows = rows;
    }

    /**
     * Opens the table; reads only its header.
     *
     * @throws IllegalArgumentException if it does not exist, or its name does not determine its format
     */
    public static PlaceTable open(SparkSession spark, String uri) throws IOException {
        if (uri.startsWith(YFCC)) {
            return new PlaceTable(uri, yfcc(spark, uri.substring(YFCC.length())));
        }
        if (uri.startsWith(WEBDATASET)) {
            return new PlaceTable(uri, webdataset(spark, uri.substring(WEBDATASET.length())));
        }
        if (uri.startsWith(RUN)) {
            return new PlaceTable(uri, run(spark, uri.substring(RUN.length())));
        }
        Kind kind = kind(spark, uri);
        String files = glob(spark, uri);
        return new PlaceTable(
                uri,
                switch (kind) {
                    case CSV ->
                        csv(spark).option("sep", ",").option("escape", "\"").csv(files);
                    // tab-separated files have no quoting; a quotation mark is text
                    case TSV ->
                        csv(spark).option("sep", "\t").option("quote", "").csv(files);
                    case PARQUET -> spark.read().parquet(files);
                });
    }

    /** Returns whether the rows were made from photos themselves, so that their {@code uri} is that of the photo's row. */
    boolean namesPhotosByUri() {
        return uri.startsWith(WEBDATASET) || uri.startsWith(RUN);
    }

    /** Returns whether the table has the column, under one of its headings. */
    boolean has(Heading column) {
        return find(column).isPresent();
    }

    /** Returns the column as text. */
    public Column text(Heading column) {
        return column(column).cast("string").as(column.name());
    }

    /** Returns the column as a number, null if there is none. */
    public Column number(Heading column) {
        return column(column).try_cast("double").as(column.name());
    }

    /** Returns the columns made by {@link #text} and {@link #number}, in this order. */
    public Dataset<Row> select(Column... columns) {
        return rows.toDF(positions()).select(columns);
    }

    private Column column(Heading column) {
        return new Column(positions()[
                find(column)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "Cannot find the %s in %s: no column %s among %s; name it with --%s-column"
                                        .formatted(
                                                column.name(),
                                                uri,
                                                String.join(" or ", column.headings()),
                                                String.join(", ", rows.columns()),
                                                column.name())))]);
    }

    private Optional<Integer> find(Heading column) {
        List<String> present = Arrays.stream(rows.columns())
                .map(heading -> heading.strip().toLowerCase(Locale.ROOT))
                .toList();
        return column.headings().stream()
                .map(heading -> present.indexOf(heading.toLowerCase(Locale.ROOT)))
                .filter(position -> position >= 0)
                .findFirst();
    }

    /** Returns column names by position, because headings may contain dots or differ only in case. */
    private String[] positions() {
        String[] names = new String[rows.columns().length];
        Arrays.setAll(names, i -> "column" + i);
        return names;
    }

    private static DataFrameReader csv(SparkSession spark) {
        return spark.read().option("header", true).option("enforceSchema", false);
    }

    private static Dataset<Row> yfcc(SparkSession spark, String path) throws IOException {
        return spark.read().format("yfcc100m").load(glob(spark, path)).where("marker = 0");
    }

    private static Dataset<Row> webdataset(SparkSession spark, String tars) throws IOException {
        return spark.read().format("webdataset").load(glob(spark, tars)).drop("content");
    }

    private static Dataset<Row> run(SparkSession spark, String output) throws IOException {
        Optional<String> state = CommittedRows.stateOf(spark, output);
        Path run = state.isPresent()
                ? given(spark, state.get()).path()
                : new Path(given(spark, output).path(), "_run");
        found(spark, new Path(run, "plan").toString());
        Dataset<Row> references = Plan.read(spark, run).chunks();
        if (!references.where(references.col(Plan.LENGTH).isNotNull()).isEmpty()) {
            throw new IllegalArgumentException("Cannot read places from run:" + output
                    + ": its photos lay in shards, and the plan names only these; give webdataset:GLOB of the shards");
        }
        return references;
    }

    private enum Kind {
        CSV,
        TSV,
        PARQUET
    }

    private static Kind kind(SparkSession spark, String uri) throws IOException {
        List<String> names = new ArrayList<>();
        for (FileStatus status : found(spark, uri)) {
            Path path = status.getPath();
            names.add(path.getName());
            if (status.isDirectory()) {
                FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
                for (FileStatus inside : files.listStatus(path)) {
                    names.add(inside.getPath().getName());
                }
            }
        }
        return names.stream()
                .flatMap(name -> kind(name).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot tell what kind of table " + uri
                        + " is; let its name end in .csv, .tsv (also with .gz or .bz2) or .parquet"));
    }

    private static List<FileStatus> found(SparkSession spark, String uri) throws IOException {
        List<FileStatus> found = given(spark, uri).found();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("Cannot read places from " + uri + ": there is no such file or folder");
        }
        return found;
    }

    private static String glob(SparkSession spark, String uri) throws IOException {
        found(spark, uri);
        return given(spark, uri).refuseColon().glob();
    }

    private static GivenPath given(SparkSession spark, String uri) throws IOException {
        return GivenPath.of("Table", uri, spark.sessionState().newHadoopConf());
    }

    private static Optional<Kind> kind(String name) {
        String plain = COMPRESSED.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("");
        return Arrays.stream(Kind.values())
                .filter(kind -> plain.endsWith("." + kind.name().toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
