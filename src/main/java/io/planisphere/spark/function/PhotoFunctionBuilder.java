package io.planisphere.spark.function;

import io.planisphere.model.ModelPackageException;
import io.planisphere.source.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One of the functions: makes the expression of each call, when a query is analysed.
 *
 * @param arguments names, as shown by DESCRIBE FUNCTION
 * @param model default location of the package
 */
record PhotoFunctionBuilder(
        String name, String arguments, String usage, String model, Function<FunctionCall, PhotoQuery> query)
        implements Function1<Seq<Expression>, Expression> {

    ExpressionInfo info() {
        String described = "_FUNC_(" + arguments + ") - " + usage;
        return new ExpressionInfo(
                PhotoFunction.class.getName(), null, name, described, "", "", "", "", "", "", GeoFunctions.SOURCE);
    }

    @Override
    public Expression apply(Seq<Expression> given) {
        List<Expression> call = CollectionConverters.asJava(given);
        if (name.equals(PhotoFunctions.LOCATE) && isOfText(call)) {
            return (Expression) FunctionRegistry$.MODULE$.builtin().lookupFunction(new FunctionIdentifier(name), given);
        }
        try {
            return new PhotoFunction(query.apply(read(call)), call.get(0));
        } catch (InputException | ModelPackageException e) {
            throw FunctionRefusal.refuse(name, String.valueOf(e.getMessage()), name + "(" + arguments + ")", e);
        }
    }

    /** Returns what a call with the default model, or that of the setting {@code model}, and these options computes. */
    PhotoQuery query(Map<String, String> settings) {
        Map<String, String> options = new TreeMap<>(settings);
        List<String> attributes = List.of();
        String given = model;
        if (!name.equals(PhotoFunctions.FACES)) {
            given = Optional.ofNullable(options.remove("model")).orElse(model);
        } else if (options.containsKey("attributes")) {
            attributes = List.of(options.remove("attributes").strip().split("\\s*,\\s*", -1));
        }
        return query.apply(new FunctionCall(
                name, given, "The photo is null", attributes, new FunctionOptions(options), SparkSession.active()));
    }

    /** Returns whether the call is one of Spark's {@code locate(substr, str [, pos])}. */
    private static boolean isOfText(List<Expression> call) {
        boolean isText = call.size() >= 2
                && !FunctionArguments.isBinary(call.get(0))
                && !FunctionArguments.isMap(call.get(call.size() - 1));
        return isText && call.size() <= 3;
    }

    private FunctionCall read(List<Expression> call) {
        if (call.isEmpty()) {
            throw new InputException("the photo is missing");
        }
        Expression content = call.get(0);
        if (!FunctionArguments.isBinary(content) && !FunctionArguments.isNull(content)) {
            throw new InputException("the photo must be binary, got " + described(content));
        }
        String absent =
                content instanceof Attribute column ? "The column " + column.name() + " is null" : "The photo is null";
        List<Expression> constants = call.subList(1, call.size());
        return name.equals(PhotoFunctions.FACES) ? withAttributes(absent, constants) : withModel(absent, constants);
    }

    private FunctionCall withModel(String absent, List<Expression> constants) {
        if (constants.size() > 2) {
            throw new InputException("it takes at most 3 arguments, got " + (constants.size() + 1));
        }
        String given = model;
        Map<String, String> options = Map.of();
        if (!constants.isEmpty() && !FunctionArguments.isNull(constants.get(0))) {
            if (!FunctionArguments.isText(constants.get(0))) {
                throw new InputException(
                        "the model must be a string, got " + described(constants.get(0)) + "; NULL is the default");
            }
            given = FunctionArguments.text("the model", constants.get(0)).orElse(model);
        }
        if (constants.size() == 2 && !FunctionArguments.isNull(constants.get(1))) {
            options = options(constants.get(1));
        }
        return new FunctionCall(name, given, absent, List.of(), new FunctionOptions(options), SparkSession.active());
    }

    private FunctionCall withAttributes(String absent, List<Expression> constants) {
        List<String> attributes = new ArrayList<>();
        Map<String, String> options = Map.of();
        for (int i = 0; i < constants.size(); i++) {
            Expression constant = constants.get(i);
            if (FunctionArguments.isText(constant)) {
                attributes.add(FunctionArguments.text("an attribute", constant)
                        .orElseThrow(() -> new InputException("an attribute must not be null")));
            } else if (FunctionArguments.isTexts(constant)) {
                attributes.addAll(FunctionArguments.texts("an attribute", constant));
            } else if (i == constants.size() - 1) {
                options = options(constant);
            } else {
                throw new InputException("an attribute must be a string, got " + described(constant));
            }
        }
        return new FunctionCall(name, model, absent, attributes, new FunctionOptions(options), SparkSession.active());
    }

    private static Map<String, String> options(Expression argument) {
        if (!FunctionArguments.isMap(argument)) {
            throw new InputException("the options must be a map, got " + described(argument));
        }
        return FunctionArguments.options(argument);
    }

    private static String described(Expression argument) {
        return argument.sql() + " of type " + argument.dataType().catalogString();
    }
}
