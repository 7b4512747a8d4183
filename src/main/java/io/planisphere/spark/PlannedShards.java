package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;

import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The shards of a plan. */
public final class PlannedShards {
    private PlannedShards() {}

    /** @param chunks in the columns of {@link Plan#SCHEMA}; their rows come to the driver, some hundred bytes each */
    static List<Shard> of(Dataset<Row> chunks) {
        return chunks.select(Plan.URI, Plan.LENGTH, Plan.FORMAT, Plan.COLUMN).collectAsList().stream()
                .map(row -> new Shard(source(row), row.getLong(1), List.of()))
                .toList();
    }

    /** The shards at some of these uris, by uri. */
    public static Map<String, ShardSource> at(Collection<String> uris, Dataset<Row> chunks) {
        return of(chunks.where(col(Plan.URI).isInCollection(uris))).stream()
                .map(Shard::source)
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

    private static ShardSource source(Row row) {
        // plans were made before there were formats
        String format = Optional.ofNullable(row.getString(2)).orElse(ShardFormat.WEBDATASET.code());
        return new ShardSource(
                row.getString(0),
                ShardFormat.ofCode(format),
                Optional.ofNullable(row.getString(3)).orElse(""));
    }
}
