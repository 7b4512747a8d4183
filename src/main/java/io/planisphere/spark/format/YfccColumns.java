package io.planisphere.spark.format;

import io.planisphere.source.YfccLine;
import io.planisphere.source.YfccPhoto;
import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The columns of format {@code yfcc100m}: a photo's fields, or the error of a malformed line. */
public final class YfccColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The type of a Spark column, and the function for its value. */
    private record Column(DataType type, Function<YfccPhoto, @Nullable Object> value) {}

    private static final Map<String, Column> OF_PHOTO = new LinkedHashMap<>();

    static {
        text("photo_id", YfccPhoto::photoId);
        text("hash", YfccPhoto::hash);
        text("user_id", YfccPhoto::userId);
        text("nickname", YfccPhoto::nickname);
        column("date_taken", DataTypes.TimestampNTZType, photo -> micros(photo.dateTaken()));
        column(
                "date_uploaded",
                DataTypes.TimestampType,
                photo -> photo.dateUploaded() == null
                        ? null
                        : TimeUnit.SECONDS.toMicros(photo.dateUploaded().getEpochSecond()));
        text("device", YfccPhoto::device);
        text("title", YfccPhoto::title);
        text("description", YfccPhoto::description);
        column("user_tags", DataTypes.createArrayType(DataTypes.StringType), photo -> array(photo.userTags()));
        column("machine_tags", DataTypes.createArrayType(DataTypes.StringType), photo -> array(photo.machineTags()));
        column(
                "longitude",
                DataTypes.DoubleType,
                photo -> photo.place() == null ? null : photo.place().longitude());
        column(
                "latitude",
                DataTypes.DoubleType,
                photo -> photo.place() == null ? null : photo.place().latitude());
        column(
                "impossible_place",
                DataTypes.BooleanType,
                photo -> photo.coordinates() == YfccPhoto.Coordinates.IMPOSSIBLE);
        column("accuracy", DataTypes.IntegerType, YfccPhoto::accuracy);
        text("page_url", YfccPhoto::pageUrl);
        text("download_url", YfccPhoto::downloadUrl);
        text("licence", YfccPhoto::licence);
        text("licence_url", YfccPhoto::licenceUrl);
        column("server", DataTypes.IntegerType, YfccPhoto::server);
        column("farm", DataTypes.IntegerType, YfccPhoto::farm);
        text("secret", YfccPhoto::secret);
        text("original_secret", YfccPhoto::originalSecret);
        text("extension", YfccPhoto::extension);
        column("marker", DataTypes.IntegerType, photo -> photo.marker() == YfccPhoto.Marker.VIDEO ? 1 : 0);
        text("object_key", YfccPhoto::objectKey);
    }

    /** The column with the reason why the line is malformed; null for valid lines. */
    public static final String MALFORMED = "malformed";
    /** The column that identifies a malformed line, which has no photo id. */
    public static final String LINE_MD5 = "line_md5";

    static final StructType SCHEMA = schema();

    /** Returns the columns that describe a photo, without those that only locate it. */
    public static org.apache.spark.sql.Column[] described() {
        return OF_PHOTO.keySet().stream()
                .filter(name ->
                        !List.of("impossible_place", "object_key", "marker").contains(name))
                .map(functions::col)
                .toArray(org.apache.spark.sql.Column[]::new);
    }

    private final String[] names;

    YfccColumns(StructType required) {
        names = required.fieldNames();
    }

    InternalRow row(YfccLine line) {
        Object[] values = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            values[i] = value(names[i], line);
        }
        return new GenericInternalRow(values);
    }

    private static @Nullable Object value(String name, YfccLine line) {
        if (line instanceof YfccLine.Malformed malformed) {
            return switch (name) {
                case MALFORMED -> UTF8String.fromString(malformed.detail());
                case LINE_MD5 -> UTF8String.fromString(malformed.lineMd5());
                default -> null;
            };
        }
        Column column = OF_PHOTO.get(name);
        return column == null ? null : column.value().apply(((YfccLine.Parsed) line).photo());
    }

    private static StructType schema() {
        StructType schema = new StructType();
        for (Map.Entry<String, Column> column : OF_PHOTO.entrySet()) {
            schema = schema.add(column.getKey(), column.getValue().type());
        }
        return schema.add(MALFORMED, DataTypes.StringType).add(LINE_MD5, DataTypes.StringType);
    }

    private static void text(String name, Function<YfccPhoto, String> text) {
        column(name, DataTypes.StringType, photo -> UTF8String.fromString(text.apply(photo)));
    }

    private static void column(String name, DataType type, Function<YfccPhoto, @Nullable Object> value) {
        OF_PHOTO.put(name, new Column(type, value));
    }

    private static @Nullable Long micros(@Nullable LocalDateTime time) {
        return time == null ? null : ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
    }

    private static GenericArrayData array(List<String> texts) {
        return new GenericArrayData(texts.stream().map(UTF8String::fromString).toArray());
    }
}
