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

/** The shards of a plan. */
public final class PlannedShards {
    private PlannedShards() {}

    /** Some hundred bytes each. */
    public static List<ShardSource> of(Dataset<Row> chunks) {
        return chunks.select(Plan.URI, Plan.LENGTH, Plan.FORMAT, Plan.COLUMN).collectAsList().stream()
                .map(PlannedShards::source)
                .toList();
    }

    /** The shards of a batch, as {@link Plan#shards} gives them. */
    public static List<Shard> ofBatch(long batch, List<Row> planned) {
        return planned.stream()
                .map(row -> new Shard(source(row), batch, row.getLong(1), List.of()))
                .toList();
    }

    /** The shards at some of these uris, by uri. */
    public static Map<String, ShardSource> at(Collection<String> uris, Dataset<Row> chunks) {
        return of(chunks.where(col(Plan.URI).isInCollection(uris))).stream()
                .collect(Collectors.toMap(ShardSource::uri, source -> source, (one, other) -> other));
    }

    /** What the uri of a photo's shard may be, the longest first: it is followed by a #, and either may have more of them. */
    public static List<String> possibleUris(String photo) {
        List<String> uris = new ArrayList<>();
        for (int end = photo.length(); end > 0; end = photo.lastIndexOf('#', end - 1)) {
            uris.add(photo.substring(0, end));
        }
        return uris;
    }

    /** Which of these shards a photo, or a row that stands for a whole shard, belongs to. */
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
