package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Status;
import io.planisphere.spark.progress.OpenedShards.Opened;
import io.planisphere.spark.progress.Progress.Place;
import io.planisphere.vision.StageTimes;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTextTest {
    private static final Map<Status, Long> MIXED =
            Map.of(Status.OK, 24_980L, Status.TRUNCATED, 2L, Status.MISSING, 10L, Status.OPTED_OUT, 8L);

    private static Progress references(Map<Status, Long> status, double seconds) {
        return new Progress(
                counts(status, 0, Opened.NONE), new Work(100_000, 0, 0), new Place(3, ""), seconds, 8 * seconds);
    }

    private static Progress shards(long bytes, long opened, String shard) {
        return new Progress(
                counts(Map.of(Status.OK, 10L), bytes, new Opened(opened, shard)),
                new Work(0, 100_000_000, 40),
                new Place(0, shard),
                60,
                2 * 60);
    }

    private static TaskCounts counts(Map<Status, Long> status, long bytes, Opened shards) {
        return new TaskCounts(status, bytes, shards, new StageTimes(0, 0, 0, 0));
    }

    private static String full(Progress progress) {
        return new ProgressText(progress, false).full();
    }

    /** 25,000 photos in 100 s on 8 cores; the other 75,000 take 300 s. Photos that opted out are not errors. */
    @Test
    void referencesShowTheTotalAndTheBatch() {
        assertThat(full(references(MIXED, 100)))
                .isEqualTo("25,000 of 100,000 photos, 250.0 per second, 31.3 per core, "
                        + "12 errors (10 missing, 2 truncated), 5 min 0 s left, batch 3");
    }

    /** 1% of the bytes in one minute; the rest in 99 minutes. */
    @Test
    void shardsShowTheirNameAndTheTimeLeftByBytes() {
        assertThat(full(shards(1_000_000, 12, "name.tar")))
                .isEqualTo("10 photos (1 %), 0.2 per second, 0.1 per core, no errors, 1 h 39 min left, "
                        + "shard 12 of 40: name.tar");
    }

    @Test
    void noTimeLeftBeforeTheFirstPhotoOrWithoutATotal() {
        assertThat(full(references(Map.of(), 5)))
                .isEqualTo("0 of 100,000 photos, 0.0 per second, 0.0 per core, no errors, time left unknown, batch 3");
        assertThat(full(new Progress(
                        counts(Map.of(Status.UNDECODABLE, 1L), 7, Opened.NONE), Work.UNKNOWN, Place.NOWHERE, 0.5, 0.5)))
                .isEqualTo("1 photos, 2.0 per second, 2.0 per core, 1 error (1 undecodable), time left unknown");
    }

    /** Repeated tasks are counted again, so sums may exceed the total. */
    @Test
    void progressDoesNotExceedTheTotal() {
        assertThat(full(shards(100_000_001, 41, "z.tar")))
                .isEqualTo("10 photos (100 %), 0.2 per second, 0.1 per core, no errors, nearly done, "
                        + "shard 40 of 40: z.tar");
    }

    @Test
    void aCompletedRunShowsNoTimeLeft() {
        assertThat(new ProgressText(shards(99_000_000, 40, "z.tar"), true).full())
                .isEqualTo("10 photos, 0.2 per second, 0.1 per core, no errors");
    }

    @ParameterizedTest
    @CsvSource({"59.4, 59 s", "59.6, 1 min 0 s", "3599, 59 min 59 s", "3600, 1 h 0 min", "97200, 27 h 0 min"})
    void timeIsShownInTwoUnits(double seconds, String expected) {
        // half of the photos are done, so the time left equals the time elapsed
        assertThat(full(references(Map.of(Status.OK, 50_000L), seconds))).contains(", " + expected + " left, ");
    }

    @Test
    void aShardNameIsShortenedAtTheFrontAndItsControlsAreRemoved() {
        String name = "crawl\u001b[2J-2024-07-part-000012.tar";
        String head = "10 photos (1 %), 0.2 per second, 0.1 per core, no errors, 1 h 39 min left, shard 12 of 40";
        ProgressText text = new ProgressText(shards(1_000_000, 12, name), false);

        assertThat(text.within(140)).isEqualTo(head + ": crawl?[2J-2024-07-part-000012.tar");
        assertThat(text.within(head.length() + 13)).isEqualTo(head + ": …000012.tar");
        assertThat(text.within(head.length() + 10)).isEqualTo(head);
        assertThat(full(shards(1_000_000, 12, name))).doesNotContain("\u001b");
    }

    /** A Chinese character occupies two columns. */
    @Test
    void wideCharactersCountTwice() {
        String head = "10 photos (1 %), 0.2 per second, 0.1 per core, no errors, 1 h 39 min left, shard 12 of 40";

        assertThat(new ProgressText(shards(1_000_000, 12, "照片照片照片照片.tar"), false).within(head.length() + 15))
                .isEqualTo(head + ": …照片照片.tar");
    }

    @Test
    void aNarrowTerminalDropsTheLeastImportantPartsFirst() {
        ProgressText text = new ProgressText(references(MIXED, 100), false);

        assertThat(text.within(200)).isEqualTo(text.full());
        assertThat(text.within(100))
                .isEqualTo(
                        "25,000 of 100,000 photos, 250.0 per second, 31.3 per core, 12 errors, 5 min 0 s left, batch 3");
        assertThat(text.within(90))
                .isEqualTo("25,000 of 100,000 photos, 250.0 per second, 31.3 per core, 12 errors, 5 min 0 s left");
        assertThat(text.within(79)).isEqualTo("25,000 of 100,000 photos, 250.0 per second, 12 errors, 5 min 0 s left");
        assertThat(text.within(60)).isEqualTo("25,000 of 100,000 photos, 250.0 per second, 5 min 0 s left");
        assertThat(text.within(10)).isEqualTo("25,000 of ");
        assertThat(text.within(-1)).isEmpty();
    }
}
