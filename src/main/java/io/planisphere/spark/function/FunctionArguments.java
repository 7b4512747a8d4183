package io.planisphere.spark.function;

import io.planisphere.source.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Reads the arguments of a call when a query is analysed: which photo, and the values of constants. */
final class FunctionArguments {
    private FunctionArguments() {}

    static boolean isBinary(Expression argument) {
        return argument.dataType() instanceof BinaryType;
    }

    static boolean isNull(Expression argument) {
        return argument.dataType() instanceof NullType;
    }

    static boolean isMap(Expression argument) {
        return argument.dataType() instanceof MapType;
    }

    static boolean isText(Expression argument) {
        return argument.dataType() instanceof StringType;
    }

    static boolean isTexts(Expression argument) {
        return argument.dataType() instanceof ArrayType type
                && (type.elementType() instanceof StringType || type.elementType() instanceof NullType);
    }

    /**
     * Returns the value of a constant text; empty if it is null.
     *
     * @param what name of the argument, for messages
     */
    static Optional<String> text(String what, Expression argument) {
        return Optional.ofNullable(constant(what, argument)).map(Object::toString);
    }

    /** Returns the values of a constant array of texts. */
    static List<String> texts(String what, Expression argument) {
        List<String> texts = new ArrayList<>();
        if (constant(what, argument) instanceof ArrayData array) {
            for (int i = 0; i < array.numElements(); i++) {
                if (array.isNullAt(i)) {
                    throw new InputException(what + " must not be null");
                }
                texts.add(array.getUTF8String(i).toString());
            }
        }
        return texts;
    }

    /** Returns the entries of a constant map as texts; empty if it is null. */
    static Map<String, String> options(Expression argument) {
        if (argument instanceof CreateMap map) {
            return literal(map);
        }
        Map<String, String> options = new TreeMap<>();
        if (argument.dataType() instanceof MapType type && constant("options", argument) instanceof MapData map) {
            Object[] keys = map.keyArray().toObjectArray(type.keyType());
            Object[] values = map.valueArray().toObjectArray(type.valueType());
            for (int i = 0; i < keys.length; i++) {
                put(options, String.valueOf(keys[i]), values[i]);
            }
        }
        return options;
    }

    /** Reads a literal map entry by entry: Spark casts values of several types to one, and '0.5 beside half' has none. */
    private static Map<String, String> literal(CreateMap map) {
        List<Expression> keys = CollectionConverters.asJava(map.keys());
        List<Expression> values = CollectionConverters.asJava(map.values());
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < keys.size(); i++) {
            String name = String.valueOf(constant("the name of an option", uncast(keys.get(i))));
            put(options, name, constant("option " + name, uncast(values.get(i))));
        }
        return options;
    }

    private static Expression uncast(Expression expression) {
        return expression instanceof Cast cast ? uncast(cast.child()) : expression;
    }

    private static void put(Map<String, String> options, String name, @Nullable Object value) {
        if (value == null) {
            throw new InputException("option " + name + " is null; leave it out for its default");
        }
        if (options.put(name, value.toString()) != null) {
            throw new InputException("option " + name + " is given twice");
        }
    }

    private static @Nullable Object constant(String what, Expression argument) {
        DataType type = argument.dataType();
        if (!argument.foldable()) {
            throw new InputException(
                    what + " must be a constant, got " + argument.sql() + " of type " + type.catalogString());
        }
        return argument.eval(InternalRow.empty());
    }
}
