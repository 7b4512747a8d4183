package io.planisphere.spark.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.Sample;
import io.planisphere.source.WebDatasetSamples;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The columns of format {@code webdataset}. The keys of a sample's {@code json} field become typed columns; each other text field
 * becomes a string column of its own name. A column whose name is one of the five columns of every photo is called {@code
 * sample_…}.
 */
final class SampleColumns implements Serializable {
    private static final long serialVersionUID = 1L;
    /** The supported types of columns. */
    static final Set<DataType> TYPES = Set.of(
            DataTypes.StringType,
            DataTypes.BinaryType,
            DataTypes.BooleanType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.DoubleType);

    /** The columns of every photo. */
    static final StructType OF_PHOTO = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("content", DataTypes.BinaryType)
            .add("status", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private static final List<String> TAKEN = Arrays.asList(OF_PHOTO.fieldNames());
    private static final String PREFIX = "sample_";
    private static final String JSON = "json";
    private static final int INFERRED_SAMPLES = 100;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StructField[] fields;
    private final Content content;

    SampleColumns(StructType required) {
        fields = required.fields();
        boolean metadata = !TAKEN.containsAll(Arrays.asList(required.fieldNames()));
        boolean photos = Arrays.asList(required.fieldNames()).contains("content");
        content = !photos ? Content.SIDECARS : metadata ? Content.PHOTOS_AND_SIDECARS : Content.PHOTOS;
    }

    /** Returns the content to read for these columns. */
    Content content() {
        return content;
    }

    /** Infers the columns from the first samples, and closes {@code samples}. */
    static StructType infer(WebDatasetSamples samples) {
        Map<String, DataType> types = new TreeMap<>();
        try (samples) {
            for (int i = 0; i < INFERRED_SAMPLES && samples.hasNext(); i++) {
                samples.next().sidecars().forEach((field, bytes) -> {
                    if (field.equals(JSON)) {
                        json(bytes).properties().forEach(key -> merge(types, key.getKey(), type(key.getValue())));
                    } else if (text(bytes) != null) {
                        merge(types, field, DataTypes.StringType);
                    }
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close a shard: " + e.getMessage(), e);
        }
        StructType schema = OF_PHOTO;
        for (Map.Entry<String, DataType> column : types.entrySet()) {
            boolean known = Arrays.stream(schema.fieldNames()).anyMatch(column.getKey()::equalsIgnoreCase);
            if (!known) { // Spark's column names are case-insensitive
                DataType type = column.getValue();
                schema = schema.add(column.getKey(), type == DataTypes.NullType ? DataTypes.StringType : type);
            }
        }
        return schema;
    }

    /** Returns the values of the metadata columns; null if the column is not metadata or the sample lacks it. */
    @Nullable
    Object[] metadata(Sample sample) {
        @Nullable Object[] values = new Object[fields.length];
        byte[] jsonBytes = sample.sidecars().get(JSON);
        JsonNode json = null;
        for (int i = 0; i < fields.length; i++) {
            String name = fields[i].name();
            if (TAKEN.contains(name)) {
                continue;
            }
            String key =
                    TAKEN.contains(name.substring(Math.min(name.length(), PREFIX.length()))) && name.startsWith(PREFIX)
                            ? name.substring(PREFIX.length())
                            : name;
            byte[] field = sample.sidecars().get(key);
            if (field != null && !key.equals(JSON)) {
                String text = text(field);
                values[i] = text == null ? null : UTF8String.fromString(text);
            } else if (jsonBytes != null) {
                json = json == null ? json(jsonBytes) : json;
                values[i] = value(json.get(key), fields[i].dataType());
            }
        }
        return values;
    }

    InternalRow row(EncodedImage image, @Nullable Object[] metadata) {
        Object[] values = metadata.clone();
        for (int i = 0; i < fields.length; i++) {
            if (TAKEN.contains(fields[i].name())) {
                values[i] = ofPhoto(fields[i].name(), image);
            }
        }
        return new GenericInternalRow(values);
    }

    private static @Nullable Object ofPhoto(String name, EncodedImage image) {
        if (image instanceof EncodedImage.Rejected rejected) {
            return switch (name) {
                case "content" -> null;
                case "status" -> UTF8String.fromString(rejected.why().code());
                case "detail" -> UTF8String.fromString(rejected.detail());
                default -> UTF8String.fromString(name.equals("id") ? rejected.id() : rejected.uri());
            };
        }
        EncodedImage.Ok ok = (EncodedImage.Ok) image;
        return switch (name) {
            case "content" -> ok.bytes();
            case "status" -> UTF8String.fromString(Status.OK.code());
            case "detail" -> null;
            default -> UTF8String.fromString(name.equals("id") ? ok.id() : ok.uri());
        };
    }

    private static void merge(Map<String, DataType> types, String key, DataType type) {
        String name = TAKEN.contains(key.toLowerCase(Locale.ROOT)) ? PREFIX + key : key;
        types.merge(name, type, SampleColumns::common);
    }

    private static DataType common(DataType one, DataType other) {
        if (one.equals(other) || other.equals(DataTypes.NullType)) {
            return one;
        }
        if (one.equals(DataTypes.NullType)) {
            return other;
        }
        boolean numbers = List.of(one, other).containsAll(List.of(DataTypes.LongType, DataTypes.DoubleType));
        return numbers ? DataTypes.DoubleType : DataTypes.StringType;
    }

    private static DataType type(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> DataTypes.BooleanType;
            case NUMBER ->
                value.canConvertToLong() && value.isIntegralNumber() ? DataTypes.LongType : DataTypes.DoubleType;
            case NULL -> DataTypes.NullType;
            default -> DataTypes.StringType;
        };
    }

    /** Returns the value as the column's type; null if it has an incompatible type. */
    private static @Nullable Object value(@Nullable JsonNode value, DataType type) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (type.equals(DataTypes.LongType)) {
            return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
        }
        if (type.equals(DataTypes.IntegerType)) {
            return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
        }
        if (type.equals(DataTypes.DoubleType)) {
            return value.isNumber() ? value.doubleValue() : null;
        }
        if (type.equals(DataTypes.BooleanType)) {
            return value.isBoolean() ? value.booleanValue() : null;
        }
        return UTF8String.fromString(value.isTextual() ? value.textValue() : value.toString());
    }

    /** Returns the sidecar as an object; an empty one if it is not an object. */
    private static JsonNode json(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            return node.isObject() ? node : MAPPER.createObjectNode();
        } catch (IOException e) {
            return MAPPER.createObjectNode();
        }
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
