package io.planisphere.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.model.Decoding;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.evaluate.UserList;
import io.planisphere.spark.train.HeadFit.ClassWeights;
import io.planisphere.spark.train.HeadTraining.Outcome;
import io.planisphere.train.DecodingFit;
import io.planisphere.train.Heads;
import io.planisphere.train.RetrievalFit.Lookup;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** Tests training on constructed photos, for which the results are known. */
class HeadTrainingTest {
    private static final HeadFit FIT = new HeadFit(ClassWeights.NONE, 1e-3, 30, OptionalDouble.empty());

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @Test
    void aPlantedSignalIsFound() {
        Outcome outcome = train(labelled(4, 3), FIT);

        Validation validation = outcome.validation().orElseThrow();
        // one of four unit normals is shifted by 3: the largest coordinate is right with probability 0.954
        assertThat(validation.top1().get(0)).isBetween(0.92, 0.98);
        assertThat(progress.toString(StandardCharsets.UTF_8)).isEqualTo("Fitting kind: 4 classes\n");
    }

    @Test
    void shuffledLabelsScoreAtChance() {
        ConstructedPhotos photos = new ConstructedPhotos(4, 3);
        Random shuffle = new Random(4);
        for (int user = 0; user < 1000; user++) {
            photos.with(2, user % 4, 3, "kind" + shuffle.nextInt(4), "user" + user, 0, 0);
        }

        Validation validation = train(photos, FIT).validation().orElseThrow();

        assertThat(validation.top1().get(0)).isBetween(0.15, 0.35);
        // not better than the entropy of four equally likely classes
        assertThat(validation.loss()).isCloseTo(Math.log(4), within(0.05));
    }

    @Test
    void balancedWeightsRaiseRareClasses() {
        ConstructedPhotos photos = new ConstructedPhotos(2, 5);
        for (int user = 0; user < 1000; user++) {
            photos.with(1, user % 20 == 0 ? 1 : 0, 1, user % 20 == 0 ? "rare" : "usual", "user" + user, 0, 0);
        }
        FittedHead plain = train(photos, FIT).fitted().get(0);
        FittedHead balanced = train(photos, new HeadFit(ClassWeights.BALANCED, 1e-3, 30, OptionalDouble.empty()))
                .fitted()
                .get(0);

        // halfway between the two classes, where the likelihoods are equal, so only the prior matters
        float[] middle = {0.5f, 0.5f};
        double usual = plain.classes().photos().get(1);
        double rare = plain.classes().photos().get(0);
        assertThat(margin(plain, middle)).isCloseTo(Math.log(usual / rare), within(0.4));
        assertThat(margin(balanced, middle)).isCloseTo(0, within(0.4));
    }

    @Test
    void usersAreNotSplitAndPhotosWithoutAUserAreSplitSingly() {
        ConstructedPhotos photos = labelled(3, 2);
        photos.with(200, 0, 2, "kind0", null, 0, 0);
        Split split = new Split(0.25, 9);
        Classes classes = new Classes.Labels(List.of("kind0", "kind1", "kind2"));
        try (Examples examples = Examples.of(
                photos.run().rows(), truth(photos), photos.labels().match(), classes, Optional.empty(), split)) {
            Set<String> heldOut = users(examples.heldOut());
            Set<String> fitted = users(examples.training());

            assertThat(heldOut).isNotEmpty().doesNotContainAnyElementsOf(fitted);
            assertThat(heldOut.size() / (double) (heldOut.size() + fitted.size()))
                    .isCloseTo(0.25, within(0.05));
            PhotoCounts counts = examples.counts();
            assertThat(counts.withoutUser()).isEqualTo(200);
            assertThat(counts.validationUsers()).isEqualTo(heldOut.size());
            assertThat(counts.trainingUsers()).isEqualTo(fitted.size());
            assertThat(examples.heldOut().where("user is null").count()).isBetween(30L, 70L);
        }
    }

    @Test
    void theSameSeedHoldsOutTheSameUsersAndAnotherSeedOthers() {
        ConstructedPhotos photos = labelled(3, 2);

        FittedHead one = train(photos, FIT).fitted().get(0);
        FittedHead again = train(photos, FIT).fitted().get(0);
        FittedHead other = new HeadTraining(new Split(0.1, 2), 10, FIT, Optional.empty(), out())
                .train(photos.run(), photos.labels(), "kind")
                .fitted()
                .get(0);

        float[] photo = {1, 2, 3};
        assertThat(again.classes()).isEqualTo(one.classes());
        // equal bit by bit, because so few photos are one task; sums of several tasks are added in the order of their
        // completion
        assertThat(again.head().logits(photo)).containsExactly(one.head().logits(photo));
        assertThat(other.classes()).isNotEqualTo(one.classes());
    }

    @Test
    void photosAreCountedByTheirUse() {
        ConstructedPhotos photos = labelled(3, 2);
        photos.with(7, 0, 2, null, "silent", 0, 0);
        photos.with(5, 1, 2, "kind1", "banned", 0, 0);
        photos.with(4, 1, 2, "sparse", null, 0, 0);
        UserList banned = new UserList(LocalSpark.session()
                .createDataset(List.of("banned", "nobody"), Encoders.STRING())
                .toDF("user"));

        Outcome outcome = new HeadTraining(new Split(0, 1), 10, FIT, Optional.of(banned), out())
                .train(photos.run(), photos.labels(), "kind");

        assertThat(outcome.counts()).isEqualTo(new PhotoCounts(1216, 7, 5, 0, 1204, 0, 600, 0, 4));
        assertThat(outcome.fitted().get(0).classes().droppedClasses()).isEqualTo(1);
        assertThat(outcome.fitted().get(0).classes().droppedPhotos()).isEqualTo(4);
        assertThat(((Heads.Labels) outcome.heads()).labels()).containsExactly("kind0", "kind1", "kind2");
        assertThat(outcome.validation()).isEmpty();
    }

    @Test
    void nestedHeadsLearnPlacesAndStayNestedWithoutSparseCells() throws Exception {
        // four towns, two of them in one coarse cell, and a hamlet with too few photos
        double[][] towns = {{48.85, 2.35}, {48.35, 7.0}, {40.7, -74}, {-33.9, 151.2}, {64.1, -21.9}};
        ConstructedPhotos photos = new ConstructedPhotos(5, 11);
        Random jitter = new Random(1);
        for (int user = 0; user < 500; user++) {
            int town = user % 100 == 0 ? 4 : user % 4;
            photos.with(
                    2,
                    town,
                    4,
                    null,
                    "user" + user,
                    towns[town][0] + jitter.nextGaussian() * 0.01,
                    towns[town][1] + jitter.nextGaussian() * 0.01);
        }
        Partition coarse = partition(2, towns);
        Partition fine = partition(5, towns);
        CellLists cells = new CellLists(List.of("coarse", "fine"), new Hierarchy(List.of(coarse, fine)));

        Outcome outcome = new HeadTraining(new Split(0.2, 1), 20, FIT, Optional.empty(), out())
                .train(photos.run(), photos.places(), cells, Optional.empty());

        assertThat(outcome.fitted()).allSatisfy(fitted -> {
            assertThat(fitted.classes().droppedClasses()).isEqualTo(1);
            assertThat(fitted.classes().droppedPhotos()).isBetween(1L, 10L);
        });
        List<Partition> kept = new ArrayList<>();
        for (Heads.CellHead head : ((Heads.Cells) outcome.heads()).heads()) {
            kept.add(Partition.read(head.name(), new StringReader(head.cells())));
        }
        assertThat(new Hierarchy(kept).finest().cells()).hasSize(4);
        assertThat(kept.get(0).cells()).hasSize(3);
        Validation validation = outcome.validation().orElseThrow();
        assertThat(validation.medianKm()).isLessThan(3);
        // 1% of the photos are of the hamlet, whose cell was dropped; with a signal of 4, 98 of 100 predictions are
        // right
        assertThat(validation.within().get(1)).isGreaterThan(0.93);
        assertThat(validation.top1()).allSatisfy(share -> assertThat(share).isGreaterThan(0.95));
    }

    @Test
    void calibratedRadiiHoldTheirShareOfNewUsersPhotos() throws Exception {
        double[][] towns = {{48.85, 2.35}, {48.35, 7.0}, {40.7, -74}, {-33.9, 151.2}};
        CellLists cells = new CellLists(List.of("towns"), new Hierarchy(List.of(partition(5, towns))));
        HeadTraining training = new HeadTraining(new Split(0.5, 1), 20, FIT, Optional.empty(), out());

        Outcome outcome =
                training.train(scattered(towns, 1).run(), scattered(towns, 1).places(), cells, Optional.empty());

        Decoding fitted = outcome.decoding().orElseThrow().decoding();
        Heads.CellHead head = ((Heads.Cells) outcome.heads()).heads().get(0);
        ConstructedPhotos others = scattered(towns, 2);
        try (Examples examples = Examples.of(
                others.run().rows(),
                others.places().rows().withColumn("label", functions.lit(null).cast("string")),
                others.places().match(),
                Classes.Cells.of(List.of(partition(5, towns))),
                Optional.empty(),
                new Split(0, 1))) {
            List<DecodingFit.Trial> trials = HeldOutPlaces.lookups(
                            examples.training(),
                            List.of(head.head()),
                            List.of(partition(5, towns)),
                            outcome.validation().orElseThrow().temperature().orElseThrow(),
                            Optional.empty())
                    .stream()
                    .map(Lookup::trial)
                    .toList();
            int rule = DecodingFit.WITHIN_KM.indexOf(fitted.meanWithinKm());
            assertThat(trials).hasSizeBetween(4500, 6000); // those within the cells
            assertThat(trials.stream()
                            .mapToDouble(each ->
                                    each.errorsKm()[rule] <= fitted.radiusScale() * each.radiiKm()[rule] ? 1 : 0)
                            .average())
                    .hasValueCloseTo(0.5, within(0.03));
            assertThat(trials.stream()
                            .mapToDouble(each ->
                                    each.errorsKm()[rule] <= fitted.radius90Scale() * each.radii90Km()[rule] ? 1 : 0)
                            .average())
                    .hasValueCloseTo(0.9, within(0.03));
        }
    }

    /** Returns 6,000 users' photos, scattered some 50 km around towns that the embedding tells with some errors. */
    private static ConstructedPhotos scattered(double[][] towns, long seed) {
        ConstructedPhotos photos = new ConstructedPhotos(4, 30 + seed);
        Random jitter = new Random(seed);
        for (int user = 0; user < 6000; user++) {
            double[] town = towns[user % 4];
            photos.with(
                    1,
                    user % 4,
                    2,
                    null,
                    "user" + user,
                    town[0] + jitter.nextGaussian() * 0.4,
                    town[1] + jitter.nextGaussian() * 0.4);
        }
        return photos;
    }

    @Test
    void theTemperatureCorrectsOverconfidenceFromOverfitting() {
        // few photos in many dimensions without a penalty: overconfident on unseen photos
        ConstructedPhotos photos = new ConstructedPhotos(40, 21);
        for (int user = 0; user < 400; user++) {
            photos.with(1, user % 3, 2, "kind" + user % 3, "user" + user, 0, 0);
        }

        Validation sure = new HeadTraining(
                        new Split(0.6, 1),
                        10,
                        new HeadFit(ClassWeights.NONE, 0, 50, OptionalDouble.empty()),
                        Optional.empty(),
                        out())
                .train(photos.run(), photos.labels(), "kind")
                .validation()
                .orElseThrow();

        assertThat(sure.temperature()).isPresent();
        assertThat(sure.temperature().getAsDouble()).isGreaterThan(1.5);
        assertThat(sure.loss()).isLessThan(0.8 * sure.lossAtOne());
    }

    @Test
    void aHeadOfOneClassIsRejectedBeforeAnyFit() {
        ConstructedPhotos photos =
                new ConstructedPhotos(2, 1).with(50, 0, 1, "one", null, 0, 0).with(3, 1, 1, "few", null, 0, 0);

        assertThatThrownBy(() -> train(photos, FIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only 1 of the 2 classes of kind have 10 training photos or more, and a head needs two;"
                        + " lower --min-photos, or embed more photos");
    }

    @Test
    void photosWithTheSameNameAreRejected() {
        ConstructedPhotos photos = labelled(3, 2);
        EmbeddingRun run = photos.run();
        EmbeddingRun twice = new EmbeddingRun(
                run.rows().unionAll(run.rows().where("id = 'p7'")),
                run.modelLocation(),
                run.modelDigest(),
                run.record());

        assertThatThrownBy(() -> new HeadTraining(new Split(0.1, 1), 10, FIT, Optional.empty(), out())
                        .train(twice, photos.labels(), "kind"))
                .hasMessageContaining("The embeddings name a photo more than once by id: p7 (2 times)");
    }

    private Outcome train(ConstructedPhotos photos, HeadFit fit) {
        return new HeadTraining(new Split(0.1, 1), 10, fit, Optional.empty(), out())
                .train(photos.run(), photos.labels(), "kind");
    }

    private PrintWriter out() {
        return new PrintWriter(progress, true, StandardCharsets.UTF_8);
    }

    /** Returns the cells of a level that contain the towns; each town's place is the mean of its cell. */
    private static Partition partition(int level, double[][] towns) {
        Map<S2CellId, LatLng> cells = new TreeMap<>();
        for (double[] town : towns) {
            LatLng place = new LatLng(town[0], town[1]);
            cells.putIfAbsent(place.leaf().parent(level), place);
        }
        List<Cell> numbered = new ArrayList<>();
        cells.forEach((id, mean) -> numbered.add(new Cell(numbered.size(), id, 0, mean)));
        return new Partition(numbered);
    }

    /** Returns 600 users with two photos each, both of one kind. */
    private static ConstructedPhotos labelled(int kinds, double strength) {
        ConstructedPhotos photos = new ConstructedPhotos(kinds, 7);
        for (int user = 0; user < 600; user++) {
            photos.with(2, user % kinds, strength, "kind" + user % kinds, "user" + user, 0, 0);
        }
        return photos;
    }

    private static Dataset<Row> truth(ConstructedPhotos photos) {
        return photos.labels()
                .rows()
                .selectExpr("key", "user", "cast(null as double) latitude", "cast(null as double) longitude", "label");
    }

    private static Set<String> users(Dataset<Row> photos) {
        return photos.where("user is not null").select("user").as(Encoders.STRING()).collectAsList().stream()
                .collect(Collectors.toSet());
    }

    /** Returns the logit of the usual class, 1, minus that of the rare one, 0. */
    private static double margin(FittedHead fitted, float[] embedding) {
        float[] logits = fitted.head().logits(embedding);
        return logits[1] - logits[0];
    }
}
