package io.planisphere.spark.commit.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.source.InputException;
import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Delta Lake. The log of a table keeps a transaction number per application, here per run. Delta silently skips an overwrite
 * whose number is not above the one in the log, and fails one that read a lower number but finds a higher one when it commits.
 * Both are decided by Delta's atomic commit. So a fence is one commit without rows whose number is above those of all earlier
 * epochs, and the history shows whether an overwrite was skipped.
 */
final class DeltaFormat implements TableFormat {
    /**
     * How many commits of the history to search, in turn. Newer commits of other writers, mostly compactions, may precede ours;
     * the search goes no deeper.
     */
    private static final List<Integer> DEPTHS = List.of(20, 1000);

    private static final String OURS = "planisphere";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final TableName table;

    DeltaFormat(SparkSession spark, TableName table) {
        this.spark = spark;
        this.table = table;
        try {
            history(1);
        } catch (Exception e) {
            if (!(e instanceof AnalysisException)) {
                throw e;
            }
            throw new InputException("Table %s is a Delta table, and its history cannot be read; add ".formatted(table)
                    + "--conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension");
        }
    }

    @Override
    public boolean needsPartitions() {
        return false;
    }

    @Override
    public List<Part> fence() {
        return List.of(Part.FENCE);
    }

    @Override
    public Set<Long> guardBatches() {
        return Set.of();
    }

    @Override
    public Map<String, String> options(TableCommit commit) {
        ObjectNode identity = JSON.createObjectNode();
        identity.putObject(OURS)
                .put("run", commit.run())
                .put("epoch", commit.epoch())
                .put("version", commit.version())
                .put("part", commit.part().name());
        return Map.of(
                "txnAppId",
                OURS + "-" + commit.run(),
                "txnVersion",
                Long.toString(commit.transaction()),
                "userMetadata",
                identity.toString());
    }

    @Override
    public boolean skipsSilently() {
        return true;
    }

    @Override
    public boolean holds(TableCommit commit) {
        return newest(commit.run(), found -> {
                    if (found.equals(commit)) {
                        return Optional.of(true);
                    }
                    // transaction numbers increase along the history
                    return found.transaction() < commit.transaction() ? Optional.of(false) : Optional.empty();
                })
                .orElse(false);
    }

    @Override
    public OptionalLong newestEpoch(String run) {
        return newest(run, Optional::of)
                .map(found -> OptionalLong.of(found.epoch()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public boolean isConflict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String name = cause.getClass().getName();
            if (name.startsWith("io.delta.exceptions.")
                    || name.startsWith("org.apache.spark.sql.delta.Concurrent")
                    || name.startsWith("org.apache.spark.sql.delta.MetadataChanged")
                    || name.startsWith("org.apache.spark.sql.delta.ProtocolChanged")) {
                return true;
            }
        }
        return false;
    }

    /** Returns the first non-empty result of {@code question} over the commits of a run, newest first. */
    private <T> Optional<T> newest(String run, Function<TableCommit, Optional<T>> question) {
        for (int depth : DEPTHS) {
            List<Row> history = history(depth);
            for (Row row : history) {
                Optional<TableCommit> commit = row.isNullAt(0) ? Optional.empty() : parse(row.getString(0));
                Optional<T> result =
                        commit.filter(found -> found.run().equals(run)).flatMap(question);
                if (result.isPresent()) {
                    return result;
                }
            }
            if (history.size() < depth) {
                break;
            }
        }
        return Optional.empty();
    }

    private List<Row> history(int depth) {
        return spark.sql("DESCRIBE HISTORY " + table.quoted() + " LIMIT " + depth)
                .select("userMetadata")
                .collectAsList();
    }

    /** Parses commit metadata; empty if another writer wrote it, in whatever format. */
    static Optional<TableCommit> parse(String userMetadata) {
        try {
            JsonNode ours = JSON.readTree(userMetadata).path(OURS);
            for (Part part : Part.values()) {
                if (ours.path("part").asText().equals(part.name())) {
                    return Optional.of(new TableCommit(
                            ours.path("run").asText(),
                            ours.path("epoch").asLong(),
                            ours.path("version").asLong(),
                            part));
                }
            }
        } catch (JsonProcessingException e) {
            // another writer's
        }
        return Optional.empty();
    }
}
