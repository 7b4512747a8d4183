package io.planisphere.spark.plan;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;

import io.planisphere.source.Allowed;
import io.planisphere.source.Fingerprint;
import io.planisphere.source.FolderListing;
import io.planisphere.source.GivenPath;
import io.planisphere.source.Globs;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInput.Folder;
import io.planisphere.source.PhotoInput.Manifest;
import io.planisphere.source.PhotoInput.Shards;
import io.planisphere.source.PhotoInput.Table;
import io.planisphere.source.PhotoInput.Yfcc100m;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.format.YfccColumns;
import io.planisphere.spark.plan.ManifestReferences.TableKind;
import io.planisphere.spark.plan.Plan.Metadata;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The references of one input, with repetitions, in the columns of {@link Plan} plus {@code video} and {@code impossible_place}.
 *
 * @param fingerprint value that changes when the input does
 * @param rows the references, read lazily
 * @param videosSkipped videos that are not in the rows
 * @param otherFilesSkipped files that are not photos and not in the rows
 * @param table table that the rows are from; null for files
 */
record InputReferences(
        String fingerprint,
        Supplier<Dataset<Row>> rows,
        long videosSkipped,
        long otherFilesSkipped,
        Optional<TableInput> table) {

    InputReferences(String fingerprint, Supplier<Dataset<Row>> rows, long videosSkipped, long otherFilesSkipped) {
        this(fingerprint, rows, videosSkipped, otherFilesSkipped, Optional.empty());
    }

    /** @param listing file for the list of a folder's photos while planning */
    static InputReferences of(PhotoInput input, SparkSession spark, Path listing, Metadata metadata)
            throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        if (input instanceof Folder folder) {
            FileSystem fs = listing.getFileSystem(hadoop);
            FolderListing listed;
            try (OutputStream out = fs.create(listing, true)) {
                listed = FolderListing.write(folder, out, hadoop);
            }
            return new InputReferences(
                    listed.fingerprint(),
                    () -> listed(spark, listing),
                    listed.videosSkipped(),
                    listed.otherFilesSkipped());
        }
        if (input instanceof Manifest manifest) {
            List<FileStatus> files = files(manifest.files(), hadoop);
            Path first = new Path(manifest.files().get(0));
            Path whole = first.makeQualified(first.getFileSystem(hadoop).getUri(), new Path("/"));
            String home = Allowed.isLocal(whole.toString()) ? Plan.LOCAL : Plan.ELSEWHERE;
            return new InputReferences(
                    fingerprint(files, "manifest"),
                    () -> new ManifestReferences(spark, metadata).of(files).withColumn(Plan.MANIFEST, lit(home)),
                    0,
                    0);
        }
        if (input instanceof Table table) {
            TableInput found = TableInput.current(spark, table);
            // a table without snapshots is read each time
            String version = found.version().isEmpty() ? UUID.randomUUID().toString() : found.version();
            return new InputReferences(
                    new Fingerprint().add("table").add(version).hex(),
                    () -> {
                        found.requireKeys(spark);
                        return new ManifestReferences(spark, metadata)
                                .of(
                                        found.rows(spark),
                                        input.given(),
                                        found.holdsPhotos() ? TableKind.PHOTOS : TableKind.MANIFEST)
                                .withColumn(Plan.MANIFEST, lit(Plan.ELSEWHERE));
                    },
                    0,
                    0,
                    Optional.of(found));
        }
        if (input instanceof Shards shards) {
            List<FileStatus> files = shards.files(hadoop);
            String rule = shards.format() == ShardFormat.WEBDATASET
                    ? "shards"
                    : "shards " + shards.format().code() + " " + shards.column();
            return new InputReferences(fingerprint(files, rule), () -> shards(spark, files, shards), 0, 0);
        }
        Yfcc100m yfcc = (Yfcc100m) input;
        List<FileStatus> files = files(yfcc.files(), hadoop);
        return new InputReferences(
                fingerprint(files, yfcc.images()), () -> yfcc(spark, files, yfcc.images(), metadata), 0, 0);
    }

    private static Dataset<Row> listed(SparkSession spark, Path listing) {
        return spark.read()
                .schema("id string, uri string")
                .json(Globs.literal(listing.toString()))
                .select(
                        col(Plan.ID),
                        col(Plan.URI),
                        nothing().as(Plan.USER),
                        nothing().cast(DataTypes.DoubleType).as(Plan.LATITUDE),
                        nothing().cast(DataTypes.DoubleType).as(Plan.LONGITUDE),
                        nothing().cast(DataTypes.TimestampNTZType).as(Plan.TAKEN),
                        nothing().as(Plan.REJECTED),
                        nothing().cast(DataTypes.LongType).as(Plan.LENGTH),
                        nothing().as(Plan.FORMAT),
                        nothing().as(Plan.COLUMN),
                        nothing().as(Plan.METADATA),
                        nothing().as(Plan.MANIFEST),
                        lit(false).as(Plan.VIDEO),
                        lit(false).as(Plan.IMPOSSIBLE_PLACE));
    }

    /** Returns the references to shards. Their list is all that the driver holds in memory: some hundred bytes per shard. */
    private static Dataset<Row> shards(SparkSession spark, List<FileStatus> files, Shards shards) {
        List<Row> rows = files.stream()
                .map(file -> RowFactory.create(file.getPath().toString(), file.getLen()))
                .toList();
        return spark.createDataFrame(rows, StructType.fromDDL("uri string, length bigint"))
                .coalesce(1) // so that planning them needs no shuffle
                .select(
                        nothing().as(Plan.ID),
                        col(Plan.URI),
                        nothing().as(Plan.USER),
                        nothing().cast(DataTypes.DoubleType).as(Plan.LATITUDE),
                        nothing().cast(DataTypes.DoubleType).as(Plan.LONGITUDE),
                        nothing().cast(DataTypes.TimestampNTZType).as(Plan.TAKEN),
                        nothing().as(Plan.REJECTED),
                        col(Plan.LENGTH),
                        lit(shards.format().code()).as(Plan.FORMAT),
                        lit(shards.column()).as(Plan.COLUMN),
                        nothing().as(Plan.METADATA),
                        nothing().as(Plan.MANIFEST),
                        lit(false).as(Plan.VIDEO),
                        lit(false).as(Plan.IMPOSSIBLE_PLACE));
    }

    private static Dataset<Row> yfcc(SparkSession spark, List<FileStatus> files, String images, Metadata metadata) {
        String home = new Path(images)
                .makeQualified(
                        new Path(spark.sparkContext().hadoopConfiguration().get("fs.defaultFS", "file:///")).toUri(),
                        new Path("/"))
                .toString();
        String[] paths = files.stream()
                .map(file -> Globs.literal(file.getPath().toString()))
                .toArray(String[]::new);
        Column line = concat(lit("line-"), col(YfccColumns.LINE_MD5));
        // Spark's value is an encoded URI, but a photo's uri is a plain path
        UDF1<String, String> name = encoded -> new Path(URI.create(encoded)).getName();
        Column file = udf(name, DataTypes.StringType).apply(col("_metadata.file_path"));
        return spark.read()
                .format("yfcc100m")
                .load(paths)
                .select(
                        coalesce(col("photo_id"), line).as(Plan.ID),
                        coalesce(concat(lit(home + "/"), col("object_key")), concat(file, lit("#"), line))
                                .as(Plan.URI),
                        col("user_id").as(Plan.USER),
                        col("latitude").as(Plan.LATITUDE),
                        col("longitude").as(Plan.LONGITUDE),
                        col("date_taken").as(Plan.TAKEN),
                        col(YfccColumns.MALFORMED).as(Plan.REJECTED),
                        nothing().cast(DataTypes.LongType).as(Plan.LENGTH),
                        nothing().as(Plan.FORMAT),
                        nothing().as(Plan.COLUMN),
                        (metadata == Metadata.KEPT ? to_json(struct(YfccColumns.described())) : nothing())
                                .as(Plan.METADATA),
                        nothing().as(Plan.MANIFEST),
                        coalesce(col("marker").equalTo(1), lit(false)).as(Plan.VIDEO),
                        coalesce(col("impossible_place"), lit(false)).as(Plan.IMPOSSIBLE_PLACE));
    }

    /** Returns all files that {@code paths} refer to, including those in folders, in a fixed order. */
    private static List<FileStatus> files(List<String> paths, Configuration hadoop) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        for (String given : paths) {
            Path path = new Path(given);
            RemoteIterator<LocatedFileStatus> found = path.getFileSystem(hadoop).listFiles(path, true);
            while (found.hasNext()) {
                LocatedFileStatus file = found.next();
                String name = file.getPath().getName();
                if (!name.startsWith("_") && !name.startsWith(".")) {
                    GivenPath.of("File", file.getPath().toString(), hadoop).refuseColon();
                    files.add(file);
                }
            }
        }
        files.sort(Comparator.comparing(FileStatus::getPath));
        return files;
    }

    private static String fingerprint(List<FileStatus> files, String rule) {
        Fingerprint fingerprint = new Fingerprint().add(rule);
        files.forEach(fingerprint::add);
        return fingerprint.hex();
    }

    private static Column nothing() {
        return lit(null).cast(DataTypes.StringType);
    }
}
