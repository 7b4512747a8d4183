package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;

import io.planisphere.image.ExifPlace;
import io.planisphere.source.FileSystems;
import io.planisphere.source.GivenPath;
import io.planisphere.source.MediaType;
import io.planisphere.spark.evaluate.PlaceTable.Heading;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The true places of photos.
 *
 * @param rows {@code key string, latitude double, longitude double, user string} and, as text, the requested further columns that
 *     exist; null if unknown
 * @param match kind of the key
 */
public record PlaceTruth(Dataset<Row> rows, PhotoKey match) {
    private static final String EXIF = "exif:";
    private static final int PHOTOS_PER_TASK = 1000;
    private static final StructType COLUMNS = new StructType()
            .add("key", DataTypes.StringType)
            .add("latitude", DataTypes.DoubleType)
            .add("longitude", DataTypes.DoubleType)
            .add("user", DataTypes.StringType);

    /**
     * The headings of columns that do not have the default names.
     *
     * @param photo column that identifies photos; by default the first heading of {@link PhotoKey}
     * @param further columns to keep under these names, if the table has them
     */
    public record Columns(
            Optional<String> photo,
            Optional<String> latitude,
            Optional<String> longitude,
            Optional<String> user,
            List<String> further) {
        public Columns {
            further = List.copyOf(further);
        }

        /** Returns the default headings. */
        public static Columns usual() {
            return new Columns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
    }

    /**
     * Opens the true places; reads only headers.
     *
     * @param truth a table of places (see {@link PlaceTable}), or {@code exif:FOLDER} for the EXIF of the photos in a folder
     * @param columns columns of the table
     * @param match how it identifies photos; by default inferred from the column's heading, by uri for {@code webdataset:} and
     *     {@code run:}, and by file name for a folder
     * @throws IllegalArgumentException if it cannot be read or does not identify photos
     */
    public static PlaceTruth open(SparkSession spark, String truth, Columns columns, Optional<PhotoKey> match)
            throws IOException {
        return truth.startsWith(EXIF)
                ? exif(spark, truth.substring(EXIF.length()), match.orElse(PhotoKey.NAME))
                : table(PlaceTable.open(spark, truth), columns, match);
    }

    private static PlaceTruth table(PlaceTable table, Columns columns, Optional<PhotoKey> match) {
        PhotoNaming naming = PhotoNaming.of(table, columns.photo(), columns.user(), match);
        List<Column> kept = new ArrayList<>(List.of(
                naming.key(),
                table.number(Heading.latitude(columns.latitude())),
                table.number(Heading.longitude(columns.longitude())),
                naming.user()));
        columns.further().stream()
                .filter(name -> !Arrays.asList(COLUMNS.fieldNames()).contains(name))
                .map(name -> new Heading(name, List.of(name)))
                .filter(table::has)
                .forEach(heading -> kept.add(table.text(heading)));
        return new PlaceTruth(table.select(kept.toArray(Column[]::new)), naming.match());
    }

    /** Reads places from EXIF. The driver lists the folder, some hundred bytes per photo; executors read the photos. */
    private static PlaceTruth exif(SparkSession spark, String folder, PhotoKey key) throws IOException {
        if (key == PhotoKey.ID) {
            throw new IllegalArgumentException(
                    "Photos in " + folder + " have no ids to match by; choose --match name or uri");
        }
        GivenPath root = GivenPath.of("Photos", folder, spark.sessionState().newHadoopConf());
        if (!root.exists()) {
            throw new IllegalArgumentException(
                    "Cannot read places from photos in " + folder + ": there is no such folder");
        }
        List<String> photos = new ArrayList<>();
        for (RemoteIterator<LocatedFileStatus> found = root.fs().listFiles(root.path(), true); found.hasNext(); ) {
            Path file = found.next().getPath();
            if (MediaType.of(file.getName()) == MediaType.PHOTO) {
                photos.add(file.toString());
            }
        }
        if (photos.isEmpty()) {
            throw new IllegalArgumentException("Cannot read places from photos in " + folder + ": it holds no photos");
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaRDD<String> spread =
                context.parallelize(photos, Math.max(context.defaultParallelism(), photos.size() / PHOTOS_PER_TASK));
        Dataset<Row> rows = spark.createDataset(spread.rdd(), Encoders.STRING())
                .map(
                        new Read(context.broadcast(new SerializableConfiguration(
                                spark.sessionState().newHadoopConf()))),
                        Encoders.row(COLUMNS))
                .withColumn("key", key.of(col("key")));
        return new PlaceTruth(rows, key);
    }

    private record Read(Broadcast<SerializableConfiguration> hadoop) implements MapFunction<String, Row> {
        @Override
        public Row call(String photo) throws IOException {
            Path path = new Path(photo);
            byte[] bytes;
            try (InputStream in = FileSystems.of(path, hadoop.value().value()).open(path)) {
                bytes = in.readAllBytes();
            }
            Optional<ExifPlace> place = ExifPlace.of(bytes);
            return RowFactory.create(
                    photo,
                    place.map(ExifPlace::latitude).orElse(null),
                    place.map(ExifPlace::longitude).orElse(null),
                    null);
        }
    }
}
