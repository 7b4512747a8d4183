package io.planisphere.spark.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import io.planisphere.spark.commit.table.TableSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table of photos at the version that was planned.
 *
 * @param name {@code catalog.namespace.table}
 * @param version version of the table, as in {@link TableSnapshot}
 * @param key the column that identifies photos
 * @param content the column with their bytes; empty if the key is their location
 */
record TableInput(String name, String version, String key, String content) {
    private static final List<String> URIS = List.of("uri", "url", "path", "file");
    private static final String ID = "id";

    /**
     * Returns the table at its current version.
     *
     * @throws InputException if it does not exist, or has neither uris nor photos, or photos without a column that identifies
     *     them
     */
    static TableInput current(SparkSession spark, PhotoInput.Table given) {
        TableSnapshot snapshot = TableSnapshot.current(spark, given.name());
        Dataset<Row> rows = snapshot.rows(spark);
        Optional<String> uri =
                URIS.stream().flatMap(name -> column(rows, name).stream()).findFirst();
        Optional<String> photos = given.photoColumn();
        if (photos.isPresent() && !isBinary(rows, photos.get())) {
            throw new InputException("Table %s has no column %s of bytes, only %s; see --photo-column"
                    .formatted(given.name(), photos.get(), described(rows)));
        }
        if (uri.isPresent() && photos.isEmpty()) {
            return new TableInput(given.name(), snapshot.version(), uri.get(), "");
        }
        String content = photos.orElseGet(() -> onlyBinary(given.name(), rows));
        String key = uri.or(() -> column(rows, ID))
                .orElseThrow(() -> new InputException(
                        "Table %s has photos in its column %s, and no column id or uri that tells them apart; it has %s"
                                .formatted(given.name(), content, described(rows))));
        if (snapshot.version().isEmpty()) {
            throw new InputException(
                    "Table %s keeps no snapshots, so its photos may be others when they are read; give a table of Delta Lake or"
                                    .formatted(given.name())
                            + " Apache Iceberg, or its Parquet files as --input");
        }
        return new TableInput(given.name(), snapshot.version(), key, content);
    }

    private static String onlyBinary(String name, Dataset<Row> rows) {
        List<String> binary = Arrays.stream(rows.schema().fields())
                .filter(field -> field.dataType().equals(DataTypes.BinaryType))
                .map(StructField::name)
                .toList();
        if (binary.size() != 1) {
            throw new InputException(
                    ("Table %s has neither a column uri, url, path or file nor one column of bytes; it has %s."
                                    + " See --photo-column")
                            .formatted(name, described(rows)));
        }
        return binary.get(0);
    }

    /**
     * Checks that keys identify photos; reads the keys of the whole table.
     *
     * @throws InputException if two rows have the same key, or one has none
     */
    void requireKeys(SparkSession spark) {
        if (!holdsPhotos()) {
            return; // a manifest may name a photo twice
        }
        List<Row> repeated = snapshot()
                .rows(spark)
                .groupBy(quoted(key).cast(DataTypes.StringType).as(ID))
                .agg(count(lit(1)).as("rows"))
                .where(col("rows").gt(1).or(col(ID).isNull()))
                .limit(1)
                .collectAsList();
        if (!repeated.isEmpty()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "Table %s has %d rows whose %s is %s; each photo needs its own",
                    name,
                    repeated.get(0).getLong(1),
                    key,
                    repeated.get(0).isNullAt(0) ? "null" : repeated.get(0).getString(0)));
        }
    }

    private static boolean isBinary(Dataset<Row> rows, String name) {
        return column(rows, name)
                .filter(found -> rows.schema().apply(found).dataType().equals(DataTypes.BinaryType))
                .isPresent();
    }

    private static Optional<String> column(Dataset<Row> rows, String name) {
        return Arrays.stream(rows.columns()).filter(name::equalsIgnoreCase).findFirst();
    }

    private static String described(Dataset<Row> rows) {
        return String.join(", ", rows.columns());
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /** Returns whether the photos themselves are in the table. */
    boolean holdsPhotos() {
        return !content.isEmpty();
    }

    TableSnapshot snapshot() {
        return new TableSnapshot(name, version);
    }

    /** Returns the rows at the planned version; for a table of photos, {@code uri} is the generated name of each photo. */
    Dataset<Row> rows(SparkSession spark) {
        Dataset<Row> rows = snapshot().rows(spark);
        return holdsPhotos() ? rows.drop(content).withColumn(Plan.URI, uri()) : rows;
    }

    /** Returns {@code uri} and {@code content} of all photos of the table. */
    Dataset<Row> photos(SparkSession spark) {
        return snapshot().rows(spark).select(uri().as(Plan.URI), quoted(content).as(Plan.CONTENT));
    }

    private Column uri() {
        return concat(lit(PhotoInput.Table.PREFIX + name + "#"), quoted(key).cast(DataTypes.StringType));
    }

    /**
     * Returns a message about photos that were planned at an earlier snapshot and have changed since; empty if there are none.
     *
     * @param earlier the same table at the version planned before
     */
    Optional<String> changesSince(SparkSession spark, TableInput earlier) {
        if (earlier.version.isEmpty() || earlier.version.equals(version)) {
            return Optional.empty();
        }
        Optional<Boolean> hasOnlyGrown = snapshot().hasOnlyGrownSince(spark, earlier.snapshot());
        if (hasOnlyGrown.isPresent() && hasOnlyGrown.get()) {
            return Optional.empty();
        }
        long changed;
        try {
            changed = changed(spark, earlier);
        } catch (InputException e) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "Table %s no longer has the snapshot %s of which photos were planned; whether they have changed"
                            + " since is not known",
                    name,
                    earlier.version));
        }
        return changed == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%,d rows of table %s were changed or deleted since snapshot %s, of which they were planned;"
                                + " rows of their photos stay as they are. Another --output takes the table as it is now",
                        changed,
                        name,
                        earlier.version));
    }

    private long changed(SparkSession spark, TableInput earlier) {
        Dataset<Row> rows = hashed(earlier.snapshot().rows(spark))
                .join(hashed(snapshot().rows(spark)).withColumnRenamed("hash", "now"), hashedKey(), "left_outer")
                .where(col("now").isNull().or(col("now").notEqual(col("hash"))));
        try {
            return rows.count();
        } catch (Exception e) { // Spark throws undeclared checked exceptions
            earlier.snapshot().refuseIfGone(e);
            throw e;
        }
    }

    private static Seq<String> hashedKey() {
        return CollectionConverters.asScala(List.of("hashed_key")).toSeq();
    }

    private Dataset<Row> hashed(Dataset<Row> rows) {
        return rows.select(
                quoted(key).cast(DataTypes.StringType).as("hashed_key"),
                xxhash64(struct(Arrays.stream(rows.columns())
                                .map(TableInput::quoted)
                                .toArray(Column[]::new)))
                        .as("hash"));
    }
}
