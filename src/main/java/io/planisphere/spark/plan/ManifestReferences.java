package io.planisphere.spark.plan;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.SidecarIds;
import io.planisphere.spark.plan.Plan.Metadata;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * The references of manifests: files with a header line (CSV, TSV) or Parquet, whose column {@code uri}, {@code url}, {@code
 * path} or {@code file} has the location of a photo. Optional columns are {@code id} (default: the uri as written), {@code user}
 * (or another name of {@link SidecarIds#USER}), {@code latitude}, {@code longitude} and {@code taken}. Relative uris are resolved
 * against the manifest's own folder.
 */
final class ManifestReferences {
    private static final List<String> URI_COLUMNS = List.of("uri", "url", "path", "file");

    private static final String PHOTOS = "photos";

    /** The contents of a table. */
    enum TableKind {
        MANIFEST,
        /** Photos; the {@code uri} names a photo in the table and is not a path. */
        PHOTOS
    }

    private final SparkSession spark;
    private final Metadata metadata;

    ManifestReferences(SparkSession spark, Metadata metadata) {
        this.metadata = metadata;
        this.spark = spark;
    }

    /** Files of one kind in one folder, which share a reader. */
    private record Group(String folder, String kind) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            return (folder + " " + kind).compareTo(other.folder + " " + other.kind);
        }
    }

    Dataset<Row> of(List<FileStatus> files) {
        Map<Group, List<String>> groups = new TreeMap<>();
        for (FileStatus file : files) {
            Path path = file.getPath();
            groups.merge(
                    new Group(String.valueOf(path.getParent()), kind(path)),
                    List.of(Globs.literal(path.toString())),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        return groups.entrySet().stream()
                .map(group -> references(read(group.getKey(), group.getValue()), group.getKey()))
                .reduce(Dataset::unionByName)
                .orElseThrow(() -> new InputException("A manifest has no files; check the path"));
    }

    /**
     * Returns the references of a table.
     *
     * @param name name for messages, and for rows without a uri
     * @param kind whether the table has references or photos
     */
    Dataset<Row> of(Dataset<Row> table, String name, TableKind kind) {
        return references(table, new Group(name, kind == TableKind.PHOTOS ? PHOTOS : "table"));
    }

    private static String kind(Path path) {
        String name = path.getName().toLowerCase(Locale.ROOT).replaceAll("\\.(gz|bz2)$", "");
        String kind = name.substring(name.lastIndexOf('.') + 1);
        if (!List.of("csv", "tsv", "parquet").contains(kind)) {
            throw new InputException("Cannot tell what kind of manifest " + path + " is; its name must end in .csv, "
                    + ".tsv or .parquet");
        }
        return kind;
    }

    private Dataset<Row> read(Group group, List<String> globs) {
        String[] paths = globs.toArray(String[]::new);
        if (group.kind().equals("parquet")) {
            return spark.read().parquet(paths);
        }
        return spark.read()
                .option("header", true)
                .option("enforceSchema", false) // fail if files of one folder have different headers
                .option("sep", group.kind().equals("tsv") ? "\t" : ",")
                .option("escape", "\"")
                .csv(paths);
    }

    private Dataset<Row> references(Dataset<Row> manifest, Group group) {
        String uriColumn = URI_COLUMNS.stream()
                .flatMap(name -> column(manifest, name).stream())
                .findFirst()
                .orElseThrow(() -> new InputException("The manifest in " + group.folder() + " has the columns "
                        + String.join(", ", manifest.columns()) + "; one named uri, url, path or file must say where "
                        + "the photos are"));
        Path home = new Path(spark.sparkContext().hadoopConfiguration().get("fs.defaultFS", "file:///"));
        UDF1<String, String> resolve = new Resolve(group.folder(), home.toString());
        Column written = quoted(uriColumn).cast(DataTypes.StringType);
        Column uri = group.kind().equals(PHOTOS)
                ? written
                : udf(resolve, DataTypes.StringType).apply(written);
        Column line = concat(
                lit(group.folder() + "#line-"),
                md5(to_json(array(Arrays.stream(manifest.columns())
                                .map(name -> coalesce(quoted(name).cast(DataTypes.StringType), lit("")))
                                .toArray(Column[]::new)))
                        .cast(DataTypes.BinaryType)));
        Column latitude = number(manifest, "latitude");
        Column longitude = number(manifest, "longitude");
        Column possible = coalesce(abs(latitude).leq(90).and(abs(longitude).leq(180)), lit(false));
        Column given = text(manifest, "latitude")
                .isNotNull()
                .or(text(manifest, "longitude").isNotNull());
        return manifest.select(
                coalesce(text(manifest, "id"), written, line).as(Plan.ID),
                coalesce(uri, line).as(Plan.URI),
                user(manifest).as(Plan.USER),
                when(possible, latitude).as(Plan.LATITUDE),
                when(possible, longitude).as(Plan.LONGITUDE),
                text(manifest, "taken").try_cast(DataTypes.TimestampNTZType).as(Plan.TAKEN),
                when(uri.isNull(), lit("The manifest's line has no " + uriColumn))
                        .as(Plan.REJECTED),
                lit(null).cast(DataTypes.LongType).as(Plan.LENGTH),
                lit(null).cast(DataTypes.StringType).as(Plan.FORMAT),
                lit(null).cast(DataTypes.StringType).as(Plan.COLUMN),
                (metadata == Metadata.KEPT ? line(manifest) : lit(null).cast(DataTypes.StringType)).as(Plan.METADATA),
                lit(false).as(Plan.VIDEO),
                given.and(possible.unary_$bang()).as(Plan.IMPOSSIBLE_PLACE));
    }

    /** Returns the line as a JSON object, without null and binary values. */
    private static Column line(Dataset<Row> manifest) {
        return to_json(struct(Arrays.stream(manifest.schema().fields())
                .filter(field -> !field.dataType().equals(DataTypes.BinaryType))
                .map(field -> quoted(field.name()))
                .toArray(Column[]::new)));
    }

    private static Column user(Dataset<Row> manifest) {
        return coalesce(
                SidecarIds.USER.stream().map(name -> text(manifest, name)).toArray(Column[]::new));
    }

    private static Column text(Dataset<Row> manifest, String name) {
        return column(manifest, name)
                .map(found -> {
                    Column text = quoted(found).cast(DataTypes.StringType);
                    return when(text.notEqual(""), text);
                })
                .orElse(lit(null).cast(DataTypes.StringType));
    }

    private static Column number(Dataset<Row> manifest, String name) {
        return text(manifest, name).try_cast(DataTypes.DoubleType);
    }

    private static Optional<String> column(Dataset<Row> manifest, String name) {
        return Arrays.stream(manifest.columns()).filter(name::equalsIgnoreCase).findFirst();
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
