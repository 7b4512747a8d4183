package io.planisphere.spark.commit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of the commit log. It says that a run has begun (nothing but an epoch), that work was planned, that an operation on
 * batches begins, or that one is prepared or committed.
 *
 * @param id different for every record ever written, so that a writer recognises its own
 * @param epoch of the run that wrote it; each run has a higher one than those before
 * @param plan what was planned, as {@code spark.plan} describes it
 * @param begun an operation that is going to replace batches
 * @param prepared an operation whose rows are about to be committed to a table, as it will be committed
 * @param committed the batches as they are from here on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogRecord(
        String id,
        long epoch,
        @Nullable JsonNode plan,
        @Nullable Begun begun,
        @Nullable Committed prepared,
        @Nullable Committed committed) {

    /** What an operation does. */
    public enum Kind {
        /** Makes the rows of planned work. */
        LABEL,
        /** Makes rows with some statuses again. */
        RETRY,
        /** Empties the rows of photos on an opt-out list. */
        OPT_OUT,
        /** Adds what albums tell to all rows. */
        ALBUMS
    }

    /**
     * An operation that begins. Its number is the version of this record in the log.
     *
     * @param batches that it may replace
     * @param from first planned unit of work of a labelled batch, counted over all plans
     * @param to the unit after the last one
     * @param rule what shapes the operation, in words that only change when it does; empty if nothing does
     */
    public record Begun(Kind kind, List<Long> batches, long from, long to, String rule) {
        public Begun {
            batches = List.copyOf(batches);
        }
    }

    /**
     * An operation that is done: these batches have exactly these rows from now on.
     *
     * @param operation the version of the record that began it
     */
    public record Committed(long operation, List<CommittedBatch> batches) {
        public Committed {
            batches = List.copyOf(batches);
        }
    }

    /**
     * A batch with its rows.
     *
     * @param files Parquet files in the batch's folder; none for a table, which holds the rows itself
     * @param sideFiles names of the files beside the rows that rows of this batch refer to
     */
    public record CommittedBatch(BatchAccount account, List<String> files, List<String> sideFiles) {
        public CommittedBatch {
            files = List.copyOf(files);
            sideFiles = List.copyOf(sideFiles);
        }

        long batch() {
            return account.batch();
        }
    }
}
