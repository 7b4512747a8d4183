package io.planisphere.spark.function;

import io.planisphere.source.InputException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of a call, as text by name. Each is asked for once; {@link #refuseOthers} then refuses names that were not asked
 * for.
 */
final class FunctionOptions {
    private final Map<String, String> given;
    private final Set<String> known = new TreeSet<>();
    private final Map<String, String> settings = new TreeMap<>();

    FunctionOptions(Map<String, String> given) {
        this.given = given;
    }

    /** Returns a whole number of at least 1. */
    long count(String name, long otherwise) {
        return text(name).map(value -> count(name, value)).orElse(otherwise);
    }

    private static long count(String name, String value) {
        try {
            long count = Long.parseLong(value.strip());
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // the message below says it
        }
        throw new InputException("option " + name + " must be a whole number of at least 1, got '" + value + "'");
    }

    /** Returns a whole number of at least 1 that fits an int. */
    int smallCount(String name, int otherwise) {
        long count = count(name, otherwise);
        if (count > Integer.MAX_VALUE) {
            throw new InputException("option " + name + " must be at most " + Integer.MAX_VALUE + ", got " + count);
        }
        return (int) count;
    }

    /** Returns a share, 0 to 1. */
    double share(String name, double otherwise) {
        return number(name, "from 0 to 1", value -> value >= 0 && value <= 1).orElse(otherwise);
    }

    /**
     * Returns a number; empty without the option.
     *
     * @param range the accepted range in words
     */
    Optional<Double> number(String name, String range, DoublePredicate isIn) {
        return text(name).map(value -> {
            try {
                double number = Double.parseDouble(value.strip());
                if (isIn.test(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // the message below says it
            }
            throw new InputException("option " + name + " must be " + range + ", got '" + value + "'");
        });
    }

    /** Returns one of the values, whose names are those of the constants in lower case. */
    <E extends Enum<E>> E oneOf(String name, Class<E> values, E otherwise) {
        return text(name).map(value -> constant(name, values, value)).orElse(otherwise);
    }

    private static <E extends Enum<E>> E constant(String name, Class<E> values, String value) {
        Set<String> codes = new TreeSet<>();
        for (E constant : values.getEnumConstants()) {
            String code = constant.name().toLowerCase(Locale.ROOT);
            if (code.equals(value.strip())) {
                return constant;
            }
            codes.add(code);
        }
        throw new InputException(
                "option " + name + " must be one of " + String.join(", ", codes) + ", got '" + value + "'");
    }

    /** Returns a truth value; false without the option. */
    boolean flag(String name) {
        return text(name)
                .map(value -> switch (value.strip().toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new InputException("option " + name + " must be true or false, got '" + value + "'");
                })
                .orElse(false);
    }

    /** Returns the text of an option; empty without it. */
    Optional<String> text(String name) {
        known.add(name);
        @Nullable String value = given.get(name);
        if (value != null) {
            settings.put(name, value.strip());
        }
        return Optional.ofNullable(value);
    }

    /** Refuses the options that were not asked for. */
    void refuseOthers() {
        Set<String> others = new TreeSet<>(given.keySet());
        others.removeAll(known);
        if (!others.isEmpty()) {
            throw new InputException(
                    "unknown option '" + String.join("', '", others) + "'; valid options: " + String.join(", ", known));
        }
    }

    /** Returns the given options in the order of their names. */
    Collection<Map.Entry<String, String>> settings() {
        return settings.entrySet();
    }
}
