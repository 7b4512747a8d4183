package io.planisphere.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * The location of photos in a Parquet file: a column of bytes, or a struct with the field {@code bytes} and optionally {@code
 * path} (Hugging Face).
 */
record ParquetLayout(MessageType schema, String column) {
    static final String BYTES = "bytes";
    static final String PATH = "path";
    /** The column with img2dataset's status of each photo. */
    static final String STATUS = "status";

    static final String ERROR = "error_message";

    private static final List<String> IDS = List.of(
            "id", "key", "__key__", "photo_id", "image_id", "uri", "url", "file_name", "filename", "path", "file");
    private static final Set<String> MANIFEST = Set.of("uri", "url", "path", "file");
    private static final Set<String> PHOTO = Set.of(
            "image",
            "img",
            "photo",
            "picture",
            "jpg",
            "jpeg",
            "png",
            "webp",
            "content",
            "bytes",
            "data",
            "image_bytes");

    /** Returns the columns that could contain photos. */
    static List<String> columns(MessageType schema) {
        return schema.getFields().stream()
                .filter(ParquetLayout::holdsBytes)
                .map(Type::getName)
                .toList();
    }

    /**
     * Returns the layout of a file with a known column of photos.
     *
     * @return the layout; empty if there is no such column
     */
    static Optional<ParquetLayout> of(MessageType schema, String column) {
        return columns(schema).contains(column) ? Optional.of(new ParquetLayout(schema, column)) : Optional.empty();
    }

    /**
     * Returns the column of photos.
     *
     * @param given value of {@code --photo-column}
     * @return the column; empty if no column contains bytes
     * @throws InputException if the requested column is not the one, or if there are several and none was requested
     */
    static Optional<String> photoColumn(MessageType schema, Optional<String> given, String file) {
        List<String> columns = columns(schema);
        if (given.isPresent()) {
            if (!columns.contains(given.get())) {
                throw new InputException("Parquet file " + file + " has no column of photos named " + given.get()
                        + "; " + (columns.isEmpty() ? "none" : String.join(", ", columns)) + " of its columns "
                        + all(schema) + " hold bytes");
            }
            return given;
        }
        if (columns.size() > 1) {
            throw new InputException("Parquet file " + file + " has several columns of bytes: "
                    + String.join(", ", columns) + "; say which holds the photos with --photo-column");
        }
        return columns.stream().findFirst();
    }

    private static String all(MessageType schema) {
        return schema.getFields().stream().map(Type::getName).collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * Returns whether the table could also be a manifest: it has locations of photos, and the column of bytes does not have a
     * typical name for photos.
     */
    static boolean isDoubtful(MessageType schema, String column) {
        return schema.getType(column).isPrimitive()
                && !PHOTO.contains(column.toLowerCase(Locale.ROOT))
                && schema.getFields().stream()
                        .anyMatch(
                                field -> MANIFEST.contains(field.getName().toLowerCase(Locale.ROOT)) && isText(field));
    }

    /** Returns whether photos are in structs. */
    boolean isStruct() {
        return !schema.getType(column).isPrimitive();
    }

    /** Returns the column with the ids of photos; empty if there is none. */
    Optional<String> idColumn() {
        List<String> found = new ArrayList<>();
        for (String id : IDS) {
            schema.getFields().stream()
                    .filter(field -> field.getName().equalsIgnoreCase(id) && (isText(field) || isNumber(field)))
                    .map(Type::getName)
                    .forEach(found::add);
        }
        return found.stream().findFirst();
    }

    /** Returns the columns of plain values: text, numbers, booleans. */
    List<String> plainColumns() {
        return schema.getFields().stream()
                .filter(field -> isText(field) || isNumber(field))
                .map(Type::getName)
                .toList();
    }

    /** Returns the columns whose values may be on an opt-out list. */
    List<String> listedColumns() {
        return plainColumns().stream().filter(SidecarIds::isName).toList();
    }

    /** Returns whether the table is from img2dataset, with a status for each photo. */
    boolean hasStatus() {
        return plainColumns().containsAll(List.of(STATUS, ERROR));
    }

    /**
     * Returns the schema for reading the columns with these names, and the photos.
     *
     * @param bytes whether the photos themselves are read
     */
    MessageType read(Set<String> names, Bytes bytes) {
        List<Type> fields = new ArrayList<>();
        for (Type field : schema.getFields()) {
            if (field.getName().equals(column)) {
                Type photo = photo(field, bytes);
                if (photo != null) {
                    fields.add(photo);
                }
            } else if (names.contains(field.getName())) {
                fields.add(field);
            }
        }
        return new MessageType(schema.getName(), fields);
    }

    /** Whether the column of bytes is read. */
    enum Bytes {
        READ,
        LEFT
    }

    private static @Nullable Type photo(Type field, Bytes bytes) {
        if (field.isPrimitive()) {
            return bytes == Bytes.READ ? field : null;
        }
        List<Type> wanted = field.asGroupType().getFields().stream()
                .filter(part -> (bytes == Bytes.READ && part.getName().equals(BYTES))
                        || (part.getName().equals(PATH) && isText(part)))
                .toList();
        return wanted.isEmpty() ? null : field.asGroupType().withNewFields(wanted);
    }

    private static boolean holdsBytes(Type field) {
        if (field.isPrimitive()) {
            return isBytes(field);
        }
        GroupType group = field.asGroupType();
        return !field.isRepetition(Repetition.REPEATED) && group.containsField(BYTES) && isBytes(group.getType(BYTES));
    }

    private static boolean isBytes(Type field) {
        return isOne(field, PrimitiveTypeName.BINARY) && field.getLogicalTypeAnnotation() == null;
    }

    static boolean isText(Type field) {
        return isOne(field, PrimitiveTypeName.BINARY)
                && field.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
    }

    private static boolean isNumber(Type field) {
        return field.getLogicalTypeAnnotation() == null
                && (isOne(field, PrimitiveTypeName.INT32)
                        || isOne(field, PrimitiveTypeName.INT64)
                        || isOne(field, PrimitiveTypeName.FLOAT)
                        || isOne(field, PrimitiveTypeName.DOUBLE)
                        || isOne(field, PrimitiveTypeName.BOOLEAN));
    }

    private static boolean isOne(Type field, PrimitiveTypeName type) {
        return field instanceof PrimitiveType primitive
                && !field.isRepetition(Repetition.REPEATED)
                && primitive.getPrimitiveTypeName() == type;
    }
}
