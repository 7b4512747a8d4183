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
 * Where the photos stand in a Parquet file: a column of bytes, or a struct with the field {@code bytes} (Hugging Face), beside
 * which {@code path} may stand.
 */
record ParquetLayout(MessageType schema, String column) {
    static final String BYTES = "bytes";
    static final String PATH = "path";
    /** What img2dataset says about each photo. */
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

    /** The columns that could hold photos. */
    static List<String> columns(MessageType schema) {
        return schema.getFields().stream()
                .filter(ParquetLayout::holdsBytes)
                .map(Type::getName)
                .toList();
    }

    /**
     * The layout of a file whose column of photos is known.
     *
     * @return empty if there is no such column
     */
    static Optional<ParquetLayout> of(MessageType schema, String column) {
        return columns(schema).contains(column) ? Optional.of(new ParquetLayout(schema, column)) : Optional.empty();
    }

    /**
     * The column of photos.
     *
     * @param given what {@code --photo-column} says
     * @return empty if no column holds bytes
     * @throws InputException if there is another one than asked for, or more than one and none was asked for
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

    /** Whether the table could as well be a manifest: it says where photos are, and its bytes bear no photo's name. */
    static boolean isDoubtful(MessageType schema, String column) {
        return schema.getType(column).isPrimitive()
                && !PHOTO.contains(column.toLowerCase(Locale.ROOT))
                && schema.getFields().stream()
                        .anyMatch(
                                field -> MANIFEST.contains(field.getName().toLowerCase(Locale.ROOT)) && isText(field));
    }

    /** Whether photos stand in structs. */
    boolean isStruct() {
        return !schema.getType(column).isPrimitive();
    }

    /** The column that names the photos; empty if none does. */
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

    /** Columns of plain values: text, numbers, truth. */
    List<String> plainColumns() {
        return schema.getFields().stream()
                .filter(field -> isText(field) || isNumber(field))
                .map(Type::getName)
                .toList();
    }

    /** Columns whose values may be on an opt-out list. */
    List<String> listedColumns() {
        return plainColumns().stream().filter(SidecarIds::isName).toList();
    }

    /** Whether the table is img2dataset's, with a status for each photo. */
    boolean hasStatus() {
        return plainColumns().containsAll(List.of(STATUS, ERROR));
    }

    /**
     * The columns with these names, and the photos.
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
