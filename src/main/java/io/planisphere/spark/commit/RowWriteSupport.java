package io.planisphere.spark.commit;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Writes Spark rows as Parquet, in the layout of Spark's own writer: all columns optional, lists in three levels (Parquet format,
 * LogicalTypes.md), the Spark schema in the footer. Supports the types that rows of jobs have.
 */
final class RowWriteSupport extends WriteSupport<Row> {
    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    private final StructType schema;

    @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite first
    private RecordConsumer out;

    RowWriteSupport(StructType schema) {
        this.schema = schema;
    }

    @Override
    public String getName() {
        return "planisphere";
    }

    @Override
    @SuppressWarnings("deprecation") // deprecated, but still abstract
    public WriteContext init(Configuration configuration) {
        return new WriteContext(parquet(schema), Map.of(SPARK_SCHEMA, schema.json()));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        out = consumer;
    }

    @Override
    public void write(Row row) {
        out.startMessage();
        writeFields(row, schema);
        out.endMessage();
    }

    private void writeFields(Row row, StructType type) {
        StructField[] fields = type.fields();
        for (int i = 0; i < fields.length; i++) {
            if (!row.isNullAt(i)) {
                out.startField(fields[i].name(), i);
                writeValue(row.get(i), fields[i].dataType());
                out.endField(fields[i].name(), i);
            }
        }
    }

    private void writeValue(Object value, DataType type) {
        if (value instanceof String text) {
            out.addBinary(Binary.fromString(text));
        } else if (value instanceof Integer number) {
            out.addInteger(number);
        } else if (value instanceof Long number) {
            out.addLong(number);
        } else if (value instanceof Float number) {
            out.addFloat(number);
        } else if (value instanceof Double number) {
            out.addDouble(number);
        } else if (value instanceof Boolean truth) {
            out.addBoolean(truth);
        } else if (value instanceof byte[] bytes) {
            out.addBinary(Binary.fromConstantByteArray(bytes));
        } else if (type instanceof StructType struct) {
            out.startGroup();
            writeFields((Row) value, struct);
            out.endGroup();
        } else if (type instanceof ArrayType array) {
            writeList(value, array);
        } else if (type instanceof MapType map) {
            writeMap(entries(value), map);
        } else {
            throw unsupported(type);
        }
    }

    private void writeList(Object value, ArrayType type) {
        out.startGroup();
        if (value instanceof float[] floats) {
            writeFloats(floats);
        } else {
            writeElements(elements(value), type.elementType());
        }
        out.endGroup();
    }

    private void writeFloats(float[] floats) {
        if (floats.length > 0) {
            out.startField("list", 0);
            for (float number : floats) {
                out.startGroup();
                out.startField("element", 0);
                out.addFloat(number);
                out.endField("element", 0);
                out.endGroup();
            }
            out.endField("list", 0);
        }
    }

    private void writeElements(Collection<?> elements, DataType type) {
        if (elements.isEmpty()) {
            return;
        }
        out.startField("list", 0);
        for (Object element : elements) {
            out.startGroup();
            if (element != null) {
                out.startField("element", 0);
                writeValue(element, type);
                out.endField("element", 0);
            }
            out.endGroup();
        }
        out.endField("list", 0);
    }

    /**
     * Returns the elements of an array value. Rows made by tasks have Java arrays and lists, rows read by Spark have Scala
     * collections.
     */
    private static Collection<?> elements(Object value) {
        if (value instanceof Seq<?> seq) {
            return CollectionConverters.asJava(seq);
        }
        return value instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) value;
    }

    private void writeMap(Map<?, ?> entries, MapType type) {
        out.startGroup();
        if (!entries.isEmpty()) {
            out.startField("key_value", 0);
            entries.forEach((key, value) -> {
                out.startGroup();
                out.startField("key", 0);
                writeValue(key, type.keyType());
                out.endField("key", 0);
                if (value != null) {
                    out.startField("value", 1);
                    writeValue(value, type.valueType());
                    out.endField("value", 1);
                }
                out.endGroup();
            });
            out.endField("key_value", 0);
        }
        out.endGroup();
    }

    private static Map<?, ?> entries(Object value) {
        return value instanceof scala.collection.Map<?, ?> map ? CollectionConverters.asJava(map) : (Map<?, ?>) value;
    }

    private static MessageType parquet(StructType schema) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (StructField field : schema.fields()) {
            message.addField(parquet(field.name(), field.dataType()));
        }
        return message.named("spark_schema");
    }

    private static Type parquet(String name, DataType type) {
        if (type instanceof StructType struct) {
            Types.GroupBuilder<GroupType> group = Types.buildGroup(Repetition.OPTIONAL);
            for (StructField field : struct.fields()) {
                group.addField(parquet(field.name(), field.dataType()));
            }
            return group.named(name);
        }
        if (type instanceof ArrayType array) {
            return Types.list(Repetition.OPTIONAL)
                    .element(parquet("element", array.elementType()))
                    .named(name);
        }
        if (type instanceof MapType map) {
            return Types.map(Repetition.OPTIONAL)
                    .key(primitive("key", map.keyType(), Repetition.REQUIRED))
                    .value(parquet("value", map.valueType()))
                    .named(name);
        }
        return primitive(name, type, Repetition.OPTIONAL);
    }

    private static Type primitive(String name, DataType type, Repetition repetition) {
        return type.equals(DataTypes.StringType)
                ? Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name)
                : Types.primitive(primitive(type), repetition).named(name);
    }

    private static PrimitiveTypeName primitive(DataType type) {
        if (type.equals(DataTypes.IntegerType)) {
            return PrimitiveTypeName.INT32;
        }
        if (type.equals(DataTypes.LongType)) {
            return PrimitiveTypeName.INT64;
        }
        if (type.equals(DataTypes.FloatType)) {
            return PrimitiveTypeName.FLOAT;
        }
        if (type.equals(DataTypes.DoubleType)) {
            return PrimitiveTypeName.DOUBLE;
        }
        if (type.equals(DataTypes.BooleanType)) {
            return PrimitiveTypeName.BOOLEAN;
        }
        if (type.equals(DataTypes.BinaryType)) {
            return PrimitiveTypeName.BINARY;
        }
        throw unsupported(type);
    }

    private static IllegalArgumentException unsupported(DataType type) {
        return new IllegalArgumentException("Rows of jobs have no column of type " + type.simpleString());
    }
}
