package io.planisphere.spark;

import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The shards of a plan, whole. */
final class PlannedShards {
    private PlannedShards() {}

    /** @param chunks in the columns of {@link Plan#SCHEMA}; their rows come to the driver, some hundred bytes each */
    static List<Shard> of(Dataset<Row> chunks) {
        return chunks.select(Plan.URI, Plan.LENGTH, Plan.FORMAT, Plan.COLUMN).collectAsList().stream()
                .map(row -> new Shard(source(row), row.getLong(1), List.of()))
                .toList();
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
