package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.shiftleft;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A few rows of each group, the same ones every time. Photos of the same shards are preferred, so that few shards have to be
 * opened for their pictures. Costs two passes over the columns and, per executor, a number per group and wanted row.
 */
final class SampledRows {
    private static final String GROUP = "sampled_group";
    private static final String DRAW = "sampled_draw";
    private static final String LIMIT = "sampled_limit";
    private static final StructType LIMITS =
            new StructType().add(GROUP, DataTypes.StringType).add(LIMIT, DataTypes.LongType);

    /** Parts that a group is divided into per wanted row, to find how far to draw. */
    private static final int PARTS = 4;

    private static final String SHARD = "^(.*?\\.(?:tar|tar\\.gz|tgz|seq|sequencefile|parquet))#";

    private SampledRows() {}

    /**
     * Draws rows.
     *
     * @param group of each row, text
     * @param groups that are wanted
     * @param most rows of each
     * @param columns that are wanted of the rows
     * @return by group; fewer rows only where the group has fewer
     */
    static Map<String, List<Row>> of(
            Dataset<Row> rows, Column group, Collection<String> groups, int most, Column... columns) {
        Dataset<Row> drawn = rows.withColumn(GROUP, group)
                .where(col(GROUP).isInCollection(groups))
                .withColumn(
                        DRAW,
                        shiftleft(hash(regexp_extract(col("uri"), SHARD, 1)).cast("bigint"), 32)
                                .plus(hash(col("uri")).cast("bigint").plus(lit(1L << 31))));
        Map<String, List<Long>> least = drawn
                .groupBy(col(GROUP), pmod(col(DRAW), lit(PARTS * most)).as("part"))
                .agg(min(DRAW))
                .collectAsList()
                .stream()
                .collect(Collectors.groupingBy(
                        row -> row.getString(0), Collectors.mapping(row -> row.getLong(2), Collectors.toList())));
        List<Row> limits = least.entrySet().stream()
                .map(each -> RowFactory.create(each.getKey(), limit(each.getValue(), most)))
                .toList();
        Map<String, Set<String>> seen = new HashMap<>();
        return drawn
                .join(broadcast(rows.sparkSession().createDataFrame(limits, LIMITS)), GROUP)
                .where(col(DRAW).leq(col(LIMIT)))
                .orderBy(DRAW, "uri")
                .select(withGroup(columns))
                .collectAsList()
                .stream()
                // below the limit of a group may be a few more than wanted
                .filter(row -> {
                    Set<String> uris = seen.computeIfAbsent(row.getAs(GROUP), any -> new HashSet<>());
                    return uris.size() < most && uris.add(row.getAs("uri"));
                })
                .collect(Collectors.groupingBy(row -> row.<String>getAs(GROUP)));
    }

    /** Up to which draw at least {@code most} rows lie; a group that leaves most of its parts empty has few, all of them wanted. */
    private static long limit(List<Long> leastOfParts, int most) {
        return leastOfParts.size() < most
                ? Long.MAX_VALUE
                : leastOfParts.stream().sorted().skip(most - 1L).findFirst().orElseThrow();
    }

    private static Column[] withGroup(Column... columns) {
        Column[] all = new Column[columns.length + 2];
        all[0] = col(GROUP);
        all[1] = col("uri");
        System.arraycopy(columns, 0, all, 2, columns.length);
        return all;
    }
}
