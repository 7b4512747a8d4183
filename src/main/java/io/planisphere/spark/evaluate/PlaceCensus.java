package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.SphericalMean;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Counts places by S2 cell on the executors. The places are read once and summed by cell of the deepest level; these sums stay on
 * the executors, and the levels are counted from them. The driver gets at most a quarter of a million sums per pass, or as many
 * as it requests if these are more. Sums are integers, so they do not depend on the partitioning of the places.
 */
public final class PlaceCensus implements AdaptivePartitioner.Census, AutoCloseable {
    // not a valid S2 cell; counts invalid coordinates
    private static final long NOWHERE = 0;

    private static final int TASKS_PER_CORE = 4;

    // some 40 MB on the driver; a pass descends as many further levels as fit, which saves as many passes
    private static final int SUMS_PER_PASS = 1 << 18;

    private static final StructType POINT = new StructType()
            .add("cell", DataTypes.LongType, false)
            .add("x", DataTypes.LongType, false)
            .add("y", DataTypes.LongType, false)
            .add("z", DataTypes.LongType, false);

    private final SparkSession spark;
    private final Dataset<Row> deepest;
    private final int maxLevel;

    // result of the latest pass, from which levels down to countedLevel are computed
    private int countedLevel = -1;
    private Map<S2CellId, SphericalMean> counted = Map.of();

    /**
     * @param places table with the columns {@code latitude} and {@code longitude}, double, null if unknown
     * @param maxLevel the deepest level that will be requested
     */
    public PlaceCensus(Dataset<Row> places, int maxLevel) {
        this.maxLevel = maxLevel;
        spark = places.sparkSession();
        Dataset<Row> points = places.select("latitude", "longitude").map(new Locate(maxLevel), Encoders.row(POINT));
        deepest = points.groupBy("cell")
                .agg(sum(lit(1L)).as("places"), sum("x").as("x"), sum("y").as("y"), sum("z").as("z"))
                // every level is a pass over these; one task per partition would cost more than the counting
                .coalesce(TASKS_PER_CORE * spark.sparkContext().defaultParallelism())
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    /** Returns the number of rows of the table. */
    public long rows() {
        return total(deepest);
    }

    /** Returns the number of rows without coordinates or with invalid ones. */
    public long impossible() {
        return total(deepest.where(col("cell").equalTo(NOWHERE)));
    }

    @Override
    public Map<S2CellId, SphericalMean> count(int level, Collection<S2CellId> cells) {
        if (level > countedLevel) {
            countedLevel = level;
            for (long most = cells.size() * 4L; most <= SUMS_PER_PASS && countedLevel < maxLevel; most *= 4) {
                countedLevel++;
            }
            counted = pass(level, cells, countedLevel);
        }
        Map<S2CellId, SphericalMean> sums = new HashMap<>();
        cells.forEach(cell -> sums.put(cell, SphericalMean.NONE));
        counted.forEach((cell, sum) -> sums.computeIfPresent(cell.parent(level), (parent, before) -> before.plus(sum)));
        return sums;
    }

    /** Returns the sums by cell of {@code deeper}, inside these cells of {@code level}. */
    private Map<S2CellId, SphericalMean> pass(int level, Collection<S2CellId> cells, int deeper) {
        Dataset<Row> asked = spark.createDataset(
                        cells.stream().map(S2CellId::id).toList(), Encoders.LONG())
                .toDF("asked");
        Map<S2CellId, SphericalMean> sums = new HashMap<>();
        deepest.where(col("cell").notEqual(NOWHERE))
                .withColumn("asked", parent(level))
                .join(broadcast(asked), "asked")
                .groupBy(parent(deeper))
                .agg(sum("places"), sum("x"), sum("y"), sum("z"))
                .collectAsList()
                .forEach(row -> sums.put(
                        new S2CellId(row.getLong(0)),
                        new SphericalMean(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))));
        return sums;
    }

    @Override
    public void close() {
        deepest.unpersist();
    }

    /** Computes {@link S2CellId#parent(int)} as a Spark expression. */
    private static Column parent(int level) {
        long lowestBit = S2CellId.lowestOnBitForLevel(level);
        return col("cell").bitwiseAND(lit(-lowestBit)).bitwiseOR(lit(lowestBit));
    }

    private static long total(Dataset<Row> sums) {
        Row total = sums.agg(sum("places")).first();
        return total.isNullAt(0) ? 0 : total.getLong(0);
    }

    /** Maps latitude and longitude to the cell of the deepest level and the point on the unit sphere. */
    private record Locate(int level) implements MapFunction<Row, Row> {
        @Override
        public Row call(Row row) {
            Optional<LatLng> place = row.anyNull() ? Optional.empty() : LatLng.of(row.getDouble(0), row.getDouble(1));
            return place.map(this::point).orElse(RowFactory.create(NOWHERE, 0L, 0L, 0L));
        }

        private Row point(LatLng place) {
            SphericalMean point = SphericalMean.of(place);
            return RowFactory.create(place.leaf().parent(level).id(), point.x(), point.y(), point.z());
        }
    }
}
