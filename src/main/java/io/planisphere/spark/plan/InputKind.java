package io.planisphere.spark.plan;

import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kind of an output's inputs. One output has one kind, so that all work of a batch is alike. */
public enum InputKind {
    /** Photos in shards, which tasks read completely. */
    SHARDS,
    /** References to one object each, which tasks fetch. */
    REFERENCES;

    /** Returns the kind as written in run.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind with this code. */
    public static InputKind ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /**
     * Returns the kind that all inputs share.
     *
     * @throws InputException if they are mixed
     */
    public static InputKind of(List<PhotoInput> inputs) {
        List<PhotoInput> shards =
                inputs.stream().filter(PhotoInput.Shards.class::isInstance).toList();
        if (!shards.isEmpty() && shards.size() < inputs.size()) {
            throw new InputException(
                    "Inputs " + inputs.stream().map(PhotoInput::given).collect(Collectors.joining(", "))
                            + " mix shards with photos that stand alone; run them into two outputs");
        }
        return shards.isEmpty() ? REFERENCES : SHARDS;
    }
}
