package io.planisphere.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** Reads values of a Parquet row by column name; null if the row has none, or the column was not read. */
final class GroupValues {
    private GroupValues() {}

    /** Returns a value as text: strings unchanged, numbers and booleans in their text form. */
    static @Nullable String text(Group row, String name) {
        if (isNull(row, name)) {
            return null;
        }
        return ParquetLayout.isText(row.getType().getType(name))
                ? row.getString(name, 0)
                : row.getValueToString(row.getType().getFieldIndex(name), 0);
    }

    static byte @Nullable [] bytes(Group row, String name) {
        return isNull(row, name) ? null : row.getBinary(name, 0).getBytes();
    }

    /** Adds a value to an object, unless it is null. */
    static void put(ObjectNode object, Group row, String name) {
        if (isNull(row, name)) {
            return;
        }
        Type type = row.getType().getType(name);
        switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> object.put(name, row.getInteger(name, 0));
            case INT64 -> object.put(name, row.getLong(name, 0));
            case FLOAT -> object.put(name, row.getFloat(name, 0));
            case DOUBLE -> object.put(name, row.getDouble(name, 0));
            case BOOLEAN -> object.put(name, row.getBoolean(name, 0));
            default -> object.put(name, row.getString(name, 0));
        }
    }

    private static boolean isNull(Group row, String name) {
        return !row.getType().containsField(name) || row.getFieldRepetitionCount(name) == 0;
    }
}
