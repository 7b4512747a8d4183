package io.planisphere.spark.rows;

import io.planisphere.vision.AlbumSmoother;
import io.planisphere.vision.AlbumSmoother.Photo;
import io.planisphere.vision.AlbumSmoother.Prediction;
import io.planisphere.vision.AlbumSmoother.Vote;
import io.planisphere.vision.GeolocationModel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Makes a prediction for each photo of a possible album, given in order of time. It holds no more photos at a time than are
 * smoothed together.
 */
final class AlbumPredictions implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    /** {@code uri}, then the columns of {@link Albums}. */
    static final StructType SCHEMA = schema();

    private final Broadcast<GeolocationModel> geolocation;
    private final PlaceRule places;
    private final long windowSeconds;
    private transient @Nullable AlbumSmoother smoother; // once per task, because it holds every cell

    /** @param windowSeconds longest gap within an album */
    AlbumPredictions(Broadcast<GeolocationModel> geolocation, PlaceRule places, long windowSeconds) {
        this.geolocation = geolocation;
        this.places = places;
        this.windowSeconds = windowSeconds;
    }

    @Override
    public Iterator<Row> call(String album, Iterator<Row> photos) {
        AlbumSmoother known = smoother;
        if (known == null) {
            known = geolocation.value().newAlbumSmoother(places.finestLevel());
            smoother = known;
        }
        return predictions(known, photos);
    }

    private Iterator<Row> predictions(AlbumSmoother smoother, Iterator<Row> photos) {
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();
            private @Nullable Row ahead = read();

            @Override
            public boolean hasNext() {
                if (!ready.hasNext() && ahead != null) {
                    ready = rows(smoother, run()).iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.next();
            }

            /** Returns the next photos without a gap. */
            private List<Row> run() {
                List<Row> run = new ArrayList<>();
                long latest = Long.MAX_VALUE;
                for (Row photo = ahead; photo != null && taken(photo) <= latest; photo = ahead) {
                    run.add(photo);
                    latest = run.size() == AlbumSmoother.MAX_PHOTOS ? Long.MIN_VALUE : taken(photo) + windowSeconds;
                    ahead = read();
                }
                return run;
            }

            private @Nullable Row read() {
                return photos.hasNext() ? photos.next() : null;
            }
        };
    }

    private List<Row> rows(AlbumSmoother smoother, List<Row> run) {
        List<Prediction> predictions =
                smoother.smooth(run.stream().map(AlbumPredictions::photo).toList());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < run.size(); i++) {
            rows.add(row(run.get(i).getString(2), predictions.get(i)));
        }
        return rows;
    }

    private Row row(String uri, Prediction prediction) {
        float confidence = (float) prediction.probability();
        return confidence < places.minConfidence()
                ? RowFactory.create(uri, null, null, null, confidence)
                : RowFactory.create(
                        uri,
                        prediction.cell().mean().latitude(),
                        prediction.cell().mean().longitude(),
                        prediction.cell().token(),
                        confidence);
    }

    private static Photo photo(Row row) {
        List<String> tokens = row.getList(3);
        List<Float> probabilities = row.getList(4);
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            votes.add(new Vote(tokens.get(i), probabilities.get(i)));
        }
        return new Photo(taken(row), votes);
    }

    private static long taken(Row row) {
        return row.getLong(1);
    }

    private static StructType schema() {
        StructType schema = new StructType().add("uri", DataTypes.StringType);
        for (StructField column : Albums.COLUMNS.fields()) {
            schema = schema.add(column);
        }
        return schema;
    }
}
