package io.planisphere.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.eval.DetectionMatch.Found;
import io.planisphere.eval.DetectionMatch.Real;
import io.planisphere.vision.Box;
import io.planisphere.vision.HalfFloat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Compares with golden values by scores.py: NumPy, SciPy, scikit-learn and pycocotools. */
class ScoresTest {
    private static final Offset<Double> ROUNDING = within(1e-9);
    private static final JsonNode GOLDEN = golden();

    @Test
    void sharesHaveWilsonsInterval() {
        for (JsonNode golden : GOLDEN.get("wilson")) {
            Estimate share = Wilson.share(golden.get(0).asLong(), golden.get(1).asLong());

            assertThat(share.low()).isCloseTo(golden.get(2).asDouble(), ROUNDING);
            assertThat(share.high()).isCloseTo(golden.get(3).asDouble(), ROUNDING);
        }
        assertThat(Wilson.share(0, 7).low()).isZero();
        assertThatThrownBy(() -> Wilson.share(0, 0)).hasMessageContaining("0 in 0");
    }

    @Test
    void labelsAreScoredByTop1AndTop5() {
        JsonNode golden = GOLDEN.get("labels");
        List<LabelScore.Tally> tallies = new ArrayList<>();
        for (int i = 0; i < golden.get("truth").size(); i++) {
            tallies.add(LabelScore.Tally.of(
                    golden.get("truth").get(i).asText(),
                    list(golden.get("ranked").get(i), JsonNode::asText)));
        }

        LabelScore score = LabelScore.of(tallies);

        assertThat(score.top1().value()).isCloseTo(golden.get("top1").asDouble(), ROUNDING);
        assertThat(score.top5().value()).isCloseTo(golden.get("top5").asDouble(), ROUNDING);
        assertThat(score.withoutPrediction()).isZero();
        assertThat(score.labels())
                .hasSize(8)
                .allSatisfy(each -> assertThat(each.top1().value())
                        .isCloseTo(
                                golden.get("top1_of_class")
                                        .get(Integer.parseInt(each.label().substring(5)))
                                        .asDouble(),
                                ROUNDING));
    }

    @Test
    void aPhotoWithoutPredictionsIsWrong() {
        LabelScore score = LabelScore.of(List.of(
                LabelScore.Tally.of("cat", List.of("cat", "dog")),
                LabelScore.Tally.of("cat", List.of("dog", "cat")),
                LabelScore.Tally.of("cat", List.of("dog")),
                LabelScore.Tally.of("dog", List.of())));

        assertThat(score.n()).isEqualTo(4);
        assertThat(score.withoutPrediction()).isEqualTo(1);
        assertThat(score.top1().value()).isEqualTo(0.25);
        assertThat(score.top5().value()).isEqualTo(0.5);
        assertThat(score.labels()).extracting(LabelScore.OfLabel::label).containsExactly("cat", "dog");
        assertThatThrownBy(() -> LabelScore.of(List.of())).hasMessageContaining("at least one photo");
    }

    @Test
    void averagePrecisionTreatsEqualScoresAsOneThreshold() {
        JsonNode golden = GOLDEN.get("attributes");
        List<AttributeScore.Predictions> predictions = new ArrayList<>();
        for (JsonNode each : golden.get("attributes")) {
            predictions.add(new AttributeScore.Predictions(
                    "a" + predictions.size(), numbers(each.get("scores")), truths(each)));
        }
        predictions.add(new AttributeScore.Predictions("rare", new double[] {0.5}, new boolean[] {false}));

        AttributeScore score = AttributeScore.of(predictions);

        assertThat(score.meanAveragePrecision().orElseThrow())
                .isCloseTo(golden.get("mean").asDouble(), ROUNDING);
        assertThat(score.withoutPositives()).containsExactly("rare");
        for (int i = 0; i < score.attributes().size(); i++) {
            JsonNode each = golden.get("attributes").get(i);
            assertThat(score.attributes().get(i).averagePrecision())
                    .isCloseTo(each.get("average_precision").asDouble(), ROUNDING);
            assertThat(score.attributes().get(i).accuracy().value())
                    .isCloseTo(each.get("accuracy").asDouble(), ROUNDING);
        }
    }

    @Test
    void aMissingAttributeRanksLastAndIsWrong() {
        AttributeScore score = AttributeScore.of(List.of(new AttributeScore.Predictions(
                "smiling", new double[] {0.9, Double.NaN, 0.1, Double.NaN}, new boolean[] {true, true, false, false})));

        assertThat(score.attributes().get(0).accuracy().value()).isEqualTo(0.5);
        assertThat(score.attributes().get(0).averagePrecision()).isEqualTo(0.5 + 0.5 * 2 / 4);
        assertThat(AttributeScore.of(List.of()).meanAveragePrecision()).isEmpty();
    }

    @Test
    void objectsAreScoredLikeInCoco() {
        JsonNode golden = GOLDEN.get("detection");
        Map<Integer, List<Real>> real = new TreeMap<>();
        golden.get("real")
                .forEach(each -> real.computeIfAbsent(each.get(0).asInt(), photo -> new ArrayList<>())
                        .add(new Real("c" + each.get(1).asInt(), box(each))));
        Map<Integer, List<Found>> found = new TreeMap<>();
        golden.get("found")
                .forEach(each -> found.computeIfAbsent(each.get(0).asInt(), photo -> new ArrayList<>())
                        .add(new Found("c" + each.get(1).asInt(), each.get(6).asDouble(), box(each))));

        DetectionScore score = DetectionScore.of(IntStream.rangeClosed(1, 30)
                .boxed()
                .flatMap(photo ->
                        DetectionMatch.of(real.getOrDefault(photo, List.of()), found.getOrDefault(photo, List.of()))
                                .stream())
                .toList());

        assertThat(score.map().orElseThrow()).isCloseTo(golden.get("map").asDouble(), ROUNDING);
        assertThat(score.map50().orElseThrow()).isCloseTo(golden.get("map50").asDouble(), ROUNDING);
        assertThat(score.map75().orElseThrow()).isCloseTo(golden.get("map75").asDouble(), ROUNDING);
        assertThat(score.labels()).extracting(DetectionScore.OfLabel::label).containsExactly("c1", "c2", "c3");
        assertThat(score.withoutTruth()).containsExactly("c4");
        for (int i = 0; i < 3; i++) {
            assertThat(score.labels().get(i).ap())
                    .isCloseTo(golden.get("ap").get(i).asDouble(), ROUNDING);
            assertThat(score.labels().get(i).ap50())
                    .isCloseTo(golden.get("ap50").get(i).asDouble(), ROUNDING);
        }
    }

    @Test
    void precisionIsUndefinedWithoutTruthAndZeroWithoutDetections() {
        assertThat(DetectionScore.of(List.of()).map()).isEmpty();
        DetectionScore score =
                DetectionScore.of(DetectionMatch.of(List.of(new Real("cat", new Box(0, 0, 2, 2))), List.of()));
        assertThat(score.map()).hasValue(0);
    }

    @Test
    void pairsOfEqualSimilarityShareOneThreshold() {
        JsonNode golden = GOLDEN.get("verification");
        double[] similarities = numbers(golden.get("similarities"));
        boolean[] same = new boolean[similarities.length];
        IntStream.range(0, same.length)
                .forEach(i -> same[i] = golden.get("same").get(i).asInt() == 1);

        VerificationScore score = VerificationScore.of(similarities, same);

        assertThat(score.auc()).isCloseTo(golden.get("auc").asDouble(), ROUNDING);
        assertThat(score.val()).extracting(VerificationScore.AtRate::rate).containsExactly(0.1, 0.01, 0.001);
        for (int i = 0; i < 3; i++) {
            assertThat(score.val().get(i).share().value())
                    .isCloseTo(golden.get("val").get(i).asDouble(), ROUNDING);
        }
    }

    @Test
    void pairsWithoutEmbeddingsAreNeverAccepted() {
        double none = Double.NEGATIVE_INFINITY;
        VerificationScore score =
                VerificationScore.of(new double[] {0.9, none, 0.8, none}, new boolean[] {true, true, false, false});

        assertThat(score.val().get(0).share().value()).isEqualTo(0.5);
        assertThat(score.val().get(0).threshold()).isEqualTo(0.9);
        assertThat(score.auc()).isEqualTo((1 + 1 + 0 + 0.5) / 4);
        assertThatThrownBy(() -> VerificationScore.of(new double[] {1}, new boolean[] {true}))
                .hasMessageContaining("there are 1 and 0");
    }

    @Test
    void studentsAreComparedWithTheirTeacher() {
        JsonNode golden = GOLDEN.get("distillation");
        double sum = 0;
        double divergences = 0;
        for (int i = 0; i < 5; i++) {
            CrossEntropy.OfPhoto photo = CrossEntropy.of(
                    floats(golden.get("teacher").get(i)),
                    floats(golden.get("student").get(i)));
            assertThat(photo.crossEntropy())
                    .isCloseTo(golden.get("cross_entropy").get(i).asDouble(), within(1e-6));
            assertThat(photo.divergence())
                    .isCloseTo(golden.get("divergence").get(i).asDouble(), within(1e-6));
            assertThat(photo.agrees()).isEqualTo(golden.get("agrees").get(i).asBoolean());
            sum += photo.crossEntropy();
            divergences += photo.divergence();
        }

        assertThat(CrossEntropy.ofSums(5, sum, divergences, 1).crossEntropy()).isEqualTo(sum / 5);
        assertThat(CrossEntropy.of(new float[] {0.25f, 0.75f}, new float[] {0.25f, 0.75f})
                        .divergence())
                .isZero();
    }

    /** Golden values by NumPy and scipy.stats.entropy, with a binary distribution per label. */
    @Test
    void independentLabelsAreBinaryDistributions() {
        CrossEntropy.OfPhoto face = CrossEntropy.ofLabels(
                new float[] {0.875f, 0.25f, 0.5f, 0, 1}, new float[] {0.75f, 0.375f, 1, 0.0625f, 0.5f});

        assertThat(face.crossEntropy()).isCloseTo(5.939287428779716, ROUNDING);
        assertThat(face.divergence()).isCloseTo(4.307034942344526, ROUNDING);
        assertThat(face.agrees()).isTrue();
        assertThat(CrossEntropy.ofLabels(new float[] {0.5f}, new float[] {0.25f})
                        .agrees())
                .isFalse();
        assertThatThrownBy(() -> CrossEntropy.ofLabels(new float[] {0.5f}, new float[] {1.5f}))
                .hasMessageContaining("from 0 to 1, got 1.5");
    }

    @Test
    void halfPrecisionDistributionsAreAccepted() {
        for (int classes : new int[] {2, 7, 101, 1001}) {
            for (int sharpness = 0; sharpness < 12; sharpness++) {
                float[] shares = new float[classes];
                double sum = 0;
                for (int i = 0; i < classes; i++) {
                    sum += Math.exp(sharpness * Math.sin(7.0 * i));
                }
                for (int i = 0; i < classes; i++) {
                    shares[i] = (float) (Math.exp(sharpness * Math.sin(7.0 * i)) / sum);
                }
                assertThat(CrossEntropy.addUp(HalfFloat.decode(HalfFloat.encode(shares))))
                        .isTrue();
            }
        }
        assertThat(CrossEntropy.addUp(new float[] {0.5f, 0.5f, 0.01f})).isFalse();
        assertThat(CrossEntropy.addUp(new float[] {0.75f})).isFalse();
    }

    @Test
    void invalidDistributionsAreRejected() {
        float[] half = {0.5f, 0.5f};
        assertThatThrownBy(() -> CrossEntropy.of(half, new float[] {1}))
                .hasMessageContaining("teacher has 2 classes, the student 1");
        assertThatThrownBy(() -> CrossEntropy.of(half, new float[] {0, 0})).hasMessageContaining("sum up to 0.0");
        assertThatThrownBy(() -> CrossEntropy.of(new float[] {Float.NaN, 1}, half))
                .hasMessageContaining("must not hold NaN");
    }

    private static Box box(JsonNode found) {
        double x = found.get(2).asDouble();
        double y = found.get(3).asDouble();
        return new Box((float) x, (float) y, (float) (x + found.get(4).asDouble()), (float)
                (y + found.get(5).asDouble()));
    }

    private static boolean[] truths(JsonNode attribute) {
        boolean[] present = new boolean[attribute.get("present").size()];
        IntStream.range(0, present.length)
                .forEach(i -> present[i] = attribute.get("present").get(i).asBoolean());
        return present;
    }

    private static double[] numbers(JsonNode array) {
        return list(array, JsonNode::asDouble).stream()
                .mapToDouble(each -> each)
                .toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        IntStream.range(0, floats.length)
                .forEach(i -> floats[i] = (float) array.get(i).asDouble());
        return floats;
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
        return StreamSupport.stream(array.spliterator(), false).map(each).toList();
    }

    private static JsonNode golden() {
        try (InputStream in = ScoresTest.class.getResourceAsStream("/eval/scores.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
