package io.planisphere.spark.evaluate;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Continent;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.geo.PerfectClassifier;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Measures joined rows on the executors: errors, calibration, and the groups of a photo.
 *
 * @param by one of {@link #CONTINENT}, {@link #CELL}, or a column {@code group<i>} of the joined rows
 * @param cells a cell list (see {@link Partition#read}) for the oracle (true cell); null for none, because serialisable records
 *     cannot have an Optional
 */
record MeasurePhotos(List<String> by, @Nullable Broadcast<String> cells) implements MapPartitionsFunction<Row, Row> {
    static final String CONTINENT = "continent";
    static final String CELL = "cell";

    // 332,000 km² on average, about the area of Germany or Japan: country-sized, but independent of borders and
    // disputes
    private static final int COUNTRY_LEVEL = 4;

    static final StructType MEASURED = new StructType()
            .add("user", DataTypes.StringType)
            .add("error_km", DataTypes.DoubleType)
            .add("other_km", DataTypes.DoubleType)
            .add("perfect_km", DataTypes.DoubleType)
            .add("confidence", DataTypes.FloatType)
            .add("radius_km", DataTypes.FloatType)
            .add("radius90_km", DataTypes.FloatType)
            .add("in_cell", DataTypes.ByteType)
            .add("groups", DataTypes.createArrayType(DataTypes.StringType));

    MeasurePhotos {
        by = List.copyOf(by);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> joined) {
        Optional<PerfectClassifier> perfect =
                Optional.ofNullable(cells).map(csv -> new PerfectClassifier(partition(csv.value())));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(joined, Spliterator.ORDERED), false)
                .map(row -> measured(row, perfect))
                .iterator();
    }

    private Row measured(Row row, Optional<PerfectClassifier> perfect) {
        LatLng truth = new LatLng(row.getAs("trueLatitude"), row.getAs("trueLongitude"));
        String cell = row.getAs("cell");
        List<@Nullable String> groups = new ArrayList<>();
        for (int i = 0; i < by.size(); i++) {
            groups.add(
                    switch (by.get(i)) {
                        case CONTINENT -> Continent.of(truth).title();
                        case CELL -> truth.leaf().parent(COUNTRY_LEVEL).toToken();
                        default -> row.getAs("group" + i);
                    });
        }
        return RowFactory.create(
                row.getAs("user"),
                errorKm(truth, row.getAs("ok"), row.getAs("latitude"), row.getAs("longitude")),
                errorKm(truth, row.getAs("otherOk"), row.getAs("otherLatitude"), row.getAs("otherLongitude")),
                perfect.map(each -> truth.distanceKm(each.predict(truth))).orElse(Double.NaN),
                orNaN(row, "confidence"),
                orNaN(row, "radius_km"),
                orNaN(row, "radius90_km"),
                (byte) (cell == null ? -1 : holds(cell, truth) ? 1 : 0),
                groups.toArray());
    }

    private static float orNaN(Row row, String column) {
        Float value = row.getAs(column);
        return value == null ? Float.NaN : value;
    }

    /** Returns the error; NaN if there is no row, infinite if the row has no place. */
    private static double errorKm(
            LatLng truth, @Nullable Boolean ok, @Nullable Double latitude, @Nullable Double longitude) {
        if (ok == null) {
            return Double.NaN;
        }
        Optional<LatLng> place =
                ok && latitude != null && longitude != null ? LatLng.of(latitude, longitude) : Optional.empty();
        return place.map(truth::distanceKm).orElse(Double.POSITIVE_INFINITY);
    }

    private static boolean holds(String token, LatLng place) {
        S2CellId cell = token.isEmpty() ? S2CellId.none() : S2CellId.fromToken(token);
        return cell.isValid() && cell.contains(place.leaf());
    }

    private static Partition partition(String csv) {
        try {
            return Partition.read("cells", new StringReader(csv));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
