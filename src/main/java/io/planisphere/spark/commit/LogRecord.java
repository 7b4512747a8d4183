package io.planisphere.spark.commit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of the commit log. It states that a run has begun (only an epoch), that work was planned, that an operation on batches
 * begins, or that one is prepared or committed.
 *
 * @param id unique to the record, so that a writer recognises its own
 * @param epoch epoch of the run that wrote it; each run has a higher one than those before
 * @param plan plan, in the format of {@code spark.plan}
 * @param begun an operation that is going to replace batches
 * @param prepared an operation about to be committed to a table
 * @param committed the new state of the batches
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogRecord(
        String id,
        long epoch,
        @Nullable JsonNode plan,
        @Nullable Begun begun,
        @Nullable Committed prepared,
        @Nullable Committed committed) {

    /** The kind of an operation. */
    public enum Kind {
        /** Makes the rows of planned work. */
        LABEL,
        /** Makes rows with some statuses again. */
        RETRY,
        /** Empties the rows of photos on an opt-out list. */
        OPT_OUT,
        /** Adds the predictions from albums to all rows. */
        ALBUMS
    }

    /**
     * An operation that begins. Its number is the version of this record in the log.
     *
     * @param batches batches that it may replace
     * @param from first planned unit of work of a labelled batch, counted over all plans
     * @param to the unit after the last one
     * @param rule parameters of the operation as text that changes only with them; empty if it has none
     */
    public record Begun(Kind kind, List<Long> batches, long from, long to, String rule) {
        public Begun {
            batches = List.copyOf(batches);
        }
    }

    /**
     * A completed operation: from then on these batches have exactly these rows.
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
     * @param files Parquet files in the batch's folder; empty for a table, which has the rows itself
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
