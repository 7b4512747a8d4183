package io.planisphere.spark.commit;

import io.planisphere.source.InputException;
import io.planisphere.source.PhotoInput.Table;
import java.util.Optional;

/**
 * The name of an output on the command line.
 *
 * @param given a folder, or {@code table:catalog.namespace.table}
 * @param state the folder of the plan and the commit log; only for a table, because a folder has them in {@code _run}
 */
public record OutputName(String given, Optional<String> state) {
    /** @throws InputException if a table has no state, or a folder has one */
    public OutputName {
        if (isTable(given) && state.isEmpty()) {
            throw new InputException("--output " + given
                    + " needs --state URI, a folder where the run keeps its plan and its commit log");
        }
        if (!isTable(given) && state.isPresent()) {
            throw new InputException("--state is for --output table:NAME; the folder " + given
                    + " keeps the state of its run in _run. Leave --state out");
        }
    }

    /** Returns a folder with its state. */
    public static OutputName folder(String folder) {
        return new OutputName(folder, Optional.empty());
    }

    /** Returns whether a name is that of a table. */
    public static boolean isTable(String given) {
        return given.startsWith(Table.PREFIX);
    }

    /** Returns the name of the table in its catalog; empty for a folder. */
    public Optional<String> table() {
        return tableOf(given);
    }

    static Optional<String> tableOf(String given) {
        return isTable(given) ? Optional.of(given.substring(Table.PREFIX.length())) : Optional.empty();
    }
}
