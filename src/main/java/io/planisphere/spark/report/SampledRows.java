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
 * Draws a deterministic sample of a few rows per group. Photos of the same shards are preferred, so that few shards have to be
 * opened for thumbnails. Takes two passes over the columns and, per executor, one number per group and requested row.
 */
final class SampledRows {
    private static final String GROUP = "sampled_group";
    private static final String DRAW = "sampled_draw";
    private static final String LIMIT = "sampled_limit";
    private static final StructType LIMITS =
            new StructType().add(GROUP, DataTypes.StringType).add(LIMIT, DataTypes.LongType);

    /** Number of parts of a group per requested row, for finding the limit of the draw. */
    private static final int PARTS = 4;

    private static final String SHARD = "^(.*?\\.(?:tar|tar\\.gz|tgz|seq|sequencefile|parquet))#";

    private SampledRows() {}

    /**
     * Draws rows.
     *
     * @param group group of each row, text
     * @param groups requested groups
     * @param most maximum number of rows of each group
     * @param columns requested columns of the rows
     * @return rows by group; fewer than {@code most} only if the group has fewer
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
                // there may be a few more rows than requested below the limit of a group
                .filter(row -> {
                    Set<String> uris = seen.computeIfAbsent(row.getAs(GROUP), any -> new HashSet<>());
                    return uris.size() < most && uris.add(row.getAs("uri"));
                })
                .collect(Collectors.groupingBy(row -> row.<String>getAs(GROUP)));
    }

    /**
     * Returns the draw below which there are at least {@code most} rows; a group with mostly empty parts has few rows, all of
     * which are used.
     */
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
