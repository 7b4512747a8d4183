package io.planisphere.spark.task;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.source.Access;
import io.planisphere.source.InputException;
import io.planisphere.source.Mapped;
import io.planisphere.source.OptOut;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.rows.JobRows;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/** Makes rows from a table of photos: a job's tasks without a run, for custom pipelines. */
public final class PhotoTable {
    private static final String HOW =
            "; photos need id (string), uri (string) and content (binary), which select(...) can name";

    private PhotoTable() {}

    /**
     * Returns one row per photo, in the order of each partition.
     *
     * @param photos table with {@code id}, {@code uri}, {@code content}, and optionally {@code status} and {@code detail}, which
     *     are used where {@code content} is null
     * @param rows rows of the job, which runs with its default limits and batch size
     * @throws InputException if a column is missing, duplicated, or of another type
     */
    public static Dataset<Row> rows(Dataset<Row> photos, JobRows rows) {
        Dataset<Row> columns = photos.select(
                required(photos, "id", DataTypes.StringType),
                required(photos, "uri", DataTypes.StringType),
                required(photos, "content", DataTypes.BinaryType),
                optional(photos, "status"),
                optional(photos, "detail"));
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(photos.sparkSession().sparkContext());
        PhotoTask task = new PhotoTask(
                rows,
                ImageLimits.DEFAULT,
                Device.CPU,
                JobRows.BATCH_SIZE,
                TaskMetrics.register(context.sc()),
                context.broadcast(OptOut.NONE),
                Access.DEFAULT,
                false);
        return columns.mapPartitions(new TableRows(task), Encoders.row(rows.schema()));
    }

    private static Column required(Dataset<Row> photos, String name, DataType type) {
        List<StructField> fields = named(photos, name);
        if (fields.isEmpty()) {
            throw new InputException("Photos have no column " + name + ", only "
                    + String.join(", ", photos.schema().fieldNames()) + HOW);
        }
        if (fields.size() > 1) {
            throw new InputException("Photos have " + fields.size() + " columns " + name + HOW);
        }
        if (!fields.get(0).dataType().equals(type)) {
            throw new InputException("Column " + name + " of photos is "
                    + fields.get(0).dataType().simpleString() + HOW);
        }
        return col(name);
    }

    private static Column optional(Dataset<Row> photos, String name) {
        List<StructField> fields = named(photos, name);
        boolean readable = fields.size() == 1 && fields.get(0).dataType().equals(DataTypes.StringType);
        return (readable ? col(name) : lit(null).cast(DataTypes.StringType)).as(name);
    }

    /** Returns the columns with this name, as Spark resolves names in this session. */
    private static List<StructField> named(Dataset<Row> photos, String name) {
        boolean toTheLetter =
                Boolean.parseBoolean(photos.sparkSession().conf().get("spark.sql.caseSensitive", "false"));
        return Arrays.stream(photos.schema().fields())
                .filter(field ->
                        name.equals(toTheLetter ? field.name() : field.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** Makes the rows of one partition of the table. */
    private record TableRows(PhotoTask task) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> table) {
            return task.rowsOf(new Mapped<>(table, TableRows::photo));
        }

        private static EncodedImage photo(Row row) {
            @Nullable String id = row.getString(0);
            @Nullable String uri = row.getString(1);
            String name = Objects.requireNonNullElse(id, Objects.requireNonNullElse(uri, ""));
            String place = Objects.requireNonNullElse(uri, name);
            if (id == null && uri == null) {
                return new EncodedImage.Rejected(name, place, Status.MISSING, "The row has neither id nor uri");
            }
            byte @Nullable [] content = (byte @Nullable []) row.get(2);
            return content == null ? rejected(name, place, row) : new EncodedImage.Ok(name, place, content);
        }

        private static EncodedImage rejected(String id, String uri, Row row) {
            Optional<Status> why = Optional.ofNullable(row.getString(3))
                    .flatMap(Status::ofCode)
                    .filter(status -> status != Status.OK);
            String detail =
                    Objects.requireNonNullElse(why.isPresent() ? row.getString(4) : null, "The row has no content");
            return new EncodedImage.Rejected(id, uri, why.orElse(Status.MISSING), detail);
        }
    }
}
