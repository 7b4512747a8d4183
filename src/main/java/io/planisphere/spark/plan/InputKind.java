package io.planisphere.spark.plan;

import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the photos of one output come in. One output has one kind, so that a batch is one kind of work. */
public enum InputKind {
    /** Inside shards, which tasks read from end to end. */
    SHARDS,
    /** One object each, which tasks fetch. */
    REFERENCES;

    /** As written in run.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with this code. */
    public static InputKind ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /**
     * The kind that all inputs share.
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
