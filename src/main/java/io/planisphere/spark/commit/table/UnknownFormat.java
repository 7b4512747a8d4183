package io.planisphere.spark.commit.table;

import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Any other format that can overwrite by a filter. */
final class UnknownFormat implements TableFormat {
    @Override
    public boolean needsPartitions() {
        return true;
    }

    @Override
    public List<Part> fence() {
        return List.of();
    }

    @Override
    public Set<Long> guardBatches() {
        return Set.of();
    }

    @Override
    public Map<String, String> options(TableCommit commit) {
        return Map.of();
    }

    @Override
    public boolean skipsSilently() {
        return false;
    }

    @Override
    public boolean holds(TableCommit commit) {
        return false;
    }

    @Override
    public OptionalLong newestEpoch(String run) {
        return OptionalLong.empty();
    }

    @Override
    public boolean isConflict(Throwable failure) {
        return false;
    }
}
