package io.planisphere.spark.function;

import java.util.Locale;
import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.Map;

/** Refusals of a function's arguments, as errors of Spark's analysis. */
final class FunctionRefusal {
    /** The condition of Spark's that is any message. PySpark fails on errors without a condition. */
    private static final String CONDITION = "USER_RAISED_EXCEPTION";

    private FunctionRefusal() {}

    /**
     * Throws the refusal.
     *
     * @param function name of the function
     * @param problem what is wrong, with the value, and how to fix it
     * @param usage the function's signature
     */
    static RuntimeException refuse(String function, String problem, String usage) {
        return refuse(function, problem, usage, null);
    }

    /** Throws the refusal; never returns. */
    static RuntimeException refuse(String function, String problem, String usage, @Nullable Throwable cause) {
        String message = String.format(Locale.ROOT, "%s: %s. Usage: %s", function, problem, usage);
        throw unchecked(new AnalysisException(
                message,
                Option.empty(),
                Option.empty(),
                Option.apply(cause),
                Option.apply(CONDITION),
                new Map.Map1<>("errorMessage", message),
                new QueryContext[0]));
    }

    /** Throws a checked exception from code whose Scala caller expects it, although Java's interface cannot declare it. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
