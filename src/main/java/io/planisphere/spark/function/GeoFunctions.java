package io.planisphere.spark.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Registers the functions {@code s2_cell}, {@code s2_parent} and {@code great_circle_km} with sessions. They are expressions that
 * call {@link GeoValues} from generated code, with the casts of Spark's own functions; a Java UDF would get {@code 40.7}, which
 * is a decimal in SQL, without a cast.
 */
public final class GeoFunctions {
    /** The source of the functions, one of the values that Spark accepts. */
    static final String SOURCE = "scala_udf";

    static final String S2_CELL = "s2_cell";
    static final String S2_PARENT = "s2_parent";
    static final String GREAT_CIRCLE_KM = "great_circle_km";

    static final List<GeoFunction> ALL = List.of(
            new GeoFunction(
                    S2_CELL,
                    "latitude, longitude, level",
                    "token of the S2 cell of this level, 0 to 30, that holds the place in degrees",
                    "s2Cell",
                    DataTypes.StringType,
                    List.of(DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.IntegerType)),
            new GeoFunction(
                    S2_PARENT,
                    "token, level",
                    "token of the S2 cell of this level, 0 to 30, that holds the cell",
                    "s2Parent",
                    DataTypes.StringType,
                    List.of(DataTypes.StringType, DataTypes.IntegerType)),
            new GeoFunction(
                    GREAT_CIRCLE_KM,
                    "latitude1, longitude1, latitude2, longitude2",
                    "kilometres between two places in degrees, on a sphere of 6371 km",
                    "greatCircleKm",
                    DataTypes.DoubleType,
                    List.of(DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType)));

    private GeoFunctions() {}

    /** Registers the functions with every session that is created with these extensions. */
    public static void inject(SparkSessionExtensions extensions) {
        ALL.forEach(function -> extensions.injectFunction(
                new Tuple3<>(new FunctionIdentifier(function.name), function.info(), function)));
    }

    /**
     * One of the functions.
     *
     * @param arguments names, as shown by DESCRIBE FUNCTION
     * @param method name of the method of {@link GeoValues}
     * @param inputs types that arguments are cast to
     */
    record GeoFunction(
            String name, String arguments, String usage, String method, DataType result, List<DataType> inputs)
            implements Function1<Seq<Expression>, Expression> {

        ExpressionInfo info() {
            String described = "_FUNC_(" + arguments + ") - " + usage;
            return new ExpressionInfo(GeoValues.class.getName(), null, name, described, "", "", "", "", "", "", SOURCE);
        }

        @Override
        public Expression apply(Seq<Expression> given) {
            if (given.size() != inputs.size()) {
                String problem = String.format(
                        Locale.ROOT,
                        "%s takes %d arguments (%s), got %d",
                        name,
                        inputs.size(),
                        arguments,
                        given.size());
                throw FunctionRefusal.refuse(name, problem, name + "(" + arguments + ")");
            }
            return new StaticInvoke(
                    GeoValues.class,
                    result,
                    method,
                    given,
                    CollectionConverters.asScala(new ArrayList<AbstractDataType>(inputs))
                            .toList(),
                    true, // returns null for a null argument
                    true,
                    true,
                    Option.empty());
        }
    }
}
