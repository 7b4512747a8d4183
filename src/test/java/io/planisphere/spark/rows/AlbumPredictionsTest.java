package io.planisphere.spark.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import io.planisphere.spark.LocalSpark;
import io.planisphere.vision.AlbumSmoother;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which photos are smoothed together, on rows alone. How they are smoothed is tested with {@link AlbumSmoother}. */
class AlbumPredictionsTest {
    private static final String NEW_YORK = "89c25";
    private static final String PARIS = "47e67";
    private static final long HOUR = 3600;

    @TempDir
    static Path folder = Path.of("");

    private static Broadcast<GeolocationModel> model;

    @BeforeAll
    static void open() throws IOException {
        Path files = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        model = broadcast(new GeolocationModel(ModelPackage.open(files.toString(), new Configuration())));
    }

    @Test
    void aDoubtfulPhotoBetweenSureOnesFollowsThem() {
        List<Row> rows = predicted(PlaceRule.DEFAULT, sure(0), doubtful(600), sure(1200));

        assertThat(rows).extracting(row -> row.getString(3)).containsExactly(NEW_YORK, NEW_YORK, NEW_YORK);
        assertThat(rows.get(1).getDouble(1)).isEqualTo(40.7128);
        assertThat(rows.get(1).getDouble(2)).isEqualTo(-74.0060);
    }

    @Test
    void aGapLongerThanTheWindowSeparatesPhotos() {
        assertThat(predicted(PlaceRule.DEFAULT, sure(0), doubtful(HOUR)).get(1).getString(3))
                .isEqualTo(NEW_YORK);
        assertThat(predicted(PlaceRule.DEFAULT, sure(0), doubtful(HOUR + 1))
                        .get(1)
                        .getString(3))
                .isEqualTo(PARIS);
        // the gap counts from the photo before, not from the first one
        assertThat(predicted(PlaceRule.DEFAULT, sure(0), sure(HOUR), doubtful(2 * HOUR))
                        .get(2)
                        .getString(3))
                .isEqualTo(NEW_YORK);
    }

    @Test
    void aPlaceBelowTheLeastConfidenceIsLeftOut() {
        Row row = predicted(new PlaceRule(5, null, 0.9, 1), doubtful(0)).get(0);

        assertThat(row.isNullAt(1)).isTrue();
        assertThat(row.isNullAt(2)).isTrue();
        assertThat(row.isNullAt(3)).isTrue();
        assertThat(row.getFloat(4)).isBetween(0.5f, 0.9f);
    }

    @Test
    void aLongAlbumIsPredictedInPartsOfBoundedLengthAndEveryPhotoOnce() {
        int photos = 2 * AlbumSmoother.MAX_PHOTOS + 1;
        List<Integer> read = new ArrayList<>();
        Iterator<Row> input = IntStream.range(0, photos)
                .peek(read::add)
                .mapToObj(i -> sure(i * 60L))
                .iterator();
        Iterator<Row> output = new AlbumPredictions(model, PlaceRule.DEFAULT, HOUR).call("anna", input);

        output.next();
        assertThat(read).hasSizeLessThanOrEqualTo(AlbumSmoother.MAX_PHOTOS + 1);

        int rows = 1;
        for (; output.hasNext(); rows++) {
            assertThat(output.next().getString(0)).isEqualTo("u/" + rows * 60);
        }
        assertThat(rows).isEqualTo(photos);
    }

    private static Broadcast<GeolocationModel> broadcast(GeolocationModel value) {
        return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .broadcast(value);
    }

    private static List<Row> predicted(PlaceRule rule, Row... photos) {
        List<Row> rows = new ArrayList<>();
        new AlbumPredictions(model, rule, HOUR)
                .call("anna", List.of(photos).iterator())
                .forEachRemaining(rows::add);
        return rows;
    }

    private static Row sure(long taken) {
        return photo(taken, List.of(NEW_YORK, PARIS), List.of(0.98f, 0.01f));
    }

    private static Row doubtful(long taken) {
        return photo(taken, List.of(PARIS, NEW_YORK), List.of(0.55f, 0.44f));
    }

    /** The columns that {@link Albums} gives to an album: its name, the second, the uri, the cells and their probabilities. */
    private static Row photo(long taken, List<String> cells, List<Float> probabilities) {
        return RowFactory.create(
                "anna",
                taken,
                "u/" + taken,
                scala.jdk.javaapi.CollectionConverters.asScala(cells).toSeq(),
                scala.jdk.javaapi.CollectionConverters.asScala(probabilities).toSeq());
    }
}
