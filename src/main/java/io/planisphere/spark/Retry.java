package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;

import io.planisphere.image.Status;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.ShardRows.Shard;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Labels the rows with some statuses again, into a new batch that supersedes them. */
final class Retry {
    private final Superseding superseding;
    private final Plan plan;
    private final Labelling labelling;

    Retry(Superseding superseding, Plan plan, Labelling labelling) {
        this.superseding = superseding;
        this.plan = plan;
        this.labelling = labelling;
    }

    void run(InputKind kind, Set<Status> statuses) throws IOException {
        Dataset<Row> rows = superseding.rows();
        Dataset<Row> wanted = rows.where(
                col("status").isin(statuses.stream().map(Status::code).toArray()));
        Map<String, Shard> shards = kind == InputKind.SHARDS ? shards(wanted) : Map.of();
        superseding.replace(
                superseded(rows, wanted, shards),
                (superseded, target) -> kind == InputKind.SHARDS
                        ? labelling.shards(List.copyOf(shards.values()), fullestFirst(), target)
                        : labelling.references(
                                plan.chunks().join(superseded, Superseding.BY_URI, "left_semi"), target));
    }

    /**
     * The wanted photos by shard. A row that stands for a whole shard, because it was cut short, asks for all of it. The
     * driver holds a name per wanted photo.
     */
    private Map<String, Shard> shards(Dataset<Row> wanted) {
        Map<String, ShardSource> known = new HashMap<>();
        PlannedShards.of(plan.chunks()).forEach(shard -> known.put(shard.uri(), shard.source()));
        Map<String, Shard> shards = new HashMap<>();
        for (Row row : wanted.select("id", "uri").collectAsList()) {
            Reference photo = new Reference(row.getString(0), row.getString(1));
            ShardSource shard = shardOf(photo.uri(), known);
            boolean all = photo.uri().equals(shard.uri());
            shards.merge(shard.uri(), new Shard(shard, 0, all ? List.of() : List.of(photo)), Retry::both);
        }
        return shards;
    }

    private static Shard both(Shard one, Shard other) {
        if (one.only().isEmpty() || other.only().isEmpty()) {
            return new Shard(one.source(), 0, List.of());
        }
        List<Reference> photos = new ArrayList<>(one.only());
        photos.addAll(other.only());
        return new Shard(one.source(), 0, photos);
    }

    private static ShardSource shardOf(String uri, Map<String, ShardSource> shards) {
        return PlannedShards.possibleUris(uri).stream()
                .filter(shards::containsKey)
                .map(shards::get)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The plan has no shard for " + uri));
    }

    private static Dataset<Row> superseded(Dataset<Row> rows, Dataset<Row> wanted, Map<String, Shard> shards) {
        Dataset<Row> superseded = wanted;
        for (Shard shard : shards.values()) {
            if (shard.only().isEmpty()) {
                superseded = superseded.union(rows.where(col("uri").startsWith(shard.uri() + "#")));
            }
        }
        return superseded.dropDuplicates("uri");
    }

    private static Comparator<Shard> fullestFirst() {
        return Comparator.comparing((Shard shard) -> shard.only().size()).reversed();
    }
}
