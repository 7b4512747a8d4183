package io.planisphere.spark.task;

import static org.apache.spark.sql.functions.col;

import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.ShardRows.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the shards of a plan. */
public final class PlannedShards {
    private PlannedShards() {}

    /** Returns the shards in some chunks; each takes some hundred bytes on the driver. */
    public static List<ShardSource> of(Dataset<Row> chunks) {
        return chunks.select(Plan.URI, Plan.LENGTH, Plan.FORMAT, Plan.COLUMN).collectAsList().stream()
                .map(PlannedShards::source)
                .toList();
    }

    /** Returns the shards of a batch from the rows of {@link Plan#shards}. */
    public static List<Shard> ofBatch(long batch, List<Row> planned) {
        return planned.stream()
                .map(row -> new Shard(source(row), batch, row.getLong(1), List.of()))
                .toList();
    }

    /** Returns the shards at some of these uris, by uri. */
    public static Map<String, ShardSource> at(Collection<String> uris, Dataset<Row> chunks) {
        return of(chunks.where(col(Plan.URI).isInCollection(uris))).stream()
                .collect(Collectors.toMap(ShardSource::uri, source -> source, (one, other) -> other));
    }

    /**
     * Returns the possible uris of a photo's shard, longest first. A # separates the shard's uri from the photo's name, but both
     * may contain more of them.
     */
    public static List<String> possibleUris(String photo) {
        List<String> uris = new ArrayList<>();
        for (int end = photo.length(); end > 0; end = photo.lastIndexOf('#', end - 1)) {
            uris.add(photo.substring(0, end));
        }
        return uris;
    }

    /** Returns the shard, of those given, that contains a photo or that the row of a whole shard refers to. */
    public static Optional<String> holding(String photo, Set<String> shards) {
        return possibleUris(photo).stream().filter(shards::contains).findFirst();
    }

    private static ShardSource source(Row row) {
        return new ShardSource(
                row.getString(0),
                ShardFormat.ofCode(row.getString(2)),
                Optional.ofNullable(row.getString(3)).orElse(""));
    }
}
