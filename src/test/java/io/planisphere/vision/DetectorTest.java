package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.image.Point;
import io.planisphere.image.Region;
import io.planisphere.infer.EngineFailure;
import io.planisphere.infer.Inferred;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests outputs as of a network, for a photo of 200 x 100 pixels. */
class DetectorTest {
    private static final double[] ANY = {0, 0, 1, 1};
    private static final float FAR_BELOW = -20; // a logit that never gives an object

    private final Path folder;

    DetectorTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void cornersAreFractionsOfThePhoto() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.corners(ANY)));

        List<Detection> objects =
                detect(detector, new float[] {0.25f, 0.5f, 0.75f, 1}, new float[] {FAR_BELOW, 2, FAR_BELOW});

        // sigmoid(2) = 0.880797
        assertThat(objects).hasSize(1);
        assertThat(objects.get(0).label()).isEqualTo(1);
        assertThat(objects.get(0).score()).isCloseTo(0.880797f, within(1e-6f));
        assertThat(objects.get(0).box()).isEqualTo(new Box(50, 50, 150, 100));
        assertThat(detector.outputs()).containsExactly("boxes", "scores");
    }

    @Test
    void axesAreReadInTheOrderOfTheManifest() throws IOException {
        Detector detector =
                new Detector(open(TinyDetectors.inManifest(TinyDetectors.corners(ANY), "\"xyxy\"", "\"yxyx\"")));

        List<Detection> objects =
                detect(detector, new float[] {0.25f, 0.5f, 0.75f, 1}, new float[] {2, FAR_BELOW, FAR_BELOW});

        assertThat(objects.get(0).box()).isEqualTo(new Box(100, 25, 200, 75));
    }

    /** The whole photo of 200 x 100 pixels, and its right half. */
    @Test
    void objectsInSeveralViewsCountOnceAndCutOnesAreDropped() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.corners(ANY, ANY)));
        float[] scores = {2, FAR_BELOW, FAR_BELOW, FAR_BELOW, 2, FAR_BELOW};
        float[] better = {3, FAR_BELOW, FAR_BELOW, FAR_BELOW, 3, FAR_BELOW};

        List<Detection> objects = detector.detect(
                List.of(
                        view(
                                new Region(0, 0, 200, 100),
                                scores,
                                0.625f,
                                0.25f,
                                0.75f,
                                0.5f,
                                0.375f,
                                0.375f,
                                0.625f,
                                0.75f),
                        view(new Region(100, 0, 100, 100), better, 0.25f, 0.25f, 0.5f, 0.5f, 0, 0.375f, 0.25f, 0.75f)),
                200,
                100);

        assertThat(objects).hasSize(2);
        assertThat(objects.get(0).score()).isCloseTo(0.952574f, within(1e-6f)); // sigmoid(3)
        assertThat(objects.get(0).box()).isEqualTo(new Box(125, 25, 150, 50));
        assertThat(objects.get(1).score()).isCloseTo(0.880797f, within(1e-6f));
        assertThat(objects.get(1).box()).isEqualTo(new Box(75, 37.5f, 125, 75));
    }

    @Test
    void aBoxAtTheEdgeOfThePhotoDoesNotCountAsCut() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.corners(ANY)));
        float[] scores = {2, FAR_BELOW, FAR_BELOW};

        List<Detection> objects =
                detector.detect(List.of(view(new Region(100, 0, 100, 100), scores, 0.5f, 0, 1, 1)), 200, 100);

        assertThat(objects).hasSize(1);
        assertThat(objects.get(0).box()).isEqualTo(new Box(150, 0, 200, 100));
    }

    /** The limit of a package applies to each view; two views may give twice as many objects. */
    @Test
    void theLimitOfObjectsAppliesPerView() throws IOException {
        Detector one = new Detector(open(TinyDetectors.corners(ANY)), new Limits(0.5, 0.5, 1));
        float[] scores = {2, FAR_BELOW, FAR_BELOW};
        View left = view(new Region(0, 0, 100, 100), scores, 0.1f, 0.1f, 0.5f, 0.5f);
        View right = view(new Region(100, 0, 100, 100), scores, 0.5f, 0.5f, 0.9f, 0.9f);

        assertThat(one.detect(List.of(left), 200, 100)).hasSize(1);
        assertThat(one.detect(List.of(left, right), 200, 100)).hasSize(2);
    }

    /** Landmarks are fractions like corners; those of a tile are moved to its position. */
    @Test
    void landmarksAreFractionsOfTheView() throws IOException {
        float[] points = {0.5f, 0, 0.5f, 0.25f, 0, 0, 1, 1.5f, -0.5f, 0.75f};
        Detector detector = new Detector(open(TinyDetectors.withLandmarks(TinyDetectors.corners(ANY), points)));
        float[][] values = {{0.25f, 0.25f, 0.5f, 0.5f}, {2, FAR_BELOW, FAR_BELOW}, points};

        List<Detection> objects = detector.detect(
                List.of(new View(new Region(100, 0, 100, 100), new Inferred.Outputs(values))), 200, 100);

        assertThat(detector.outputs()).containsExactly("boxes", "scores", "landmarks");
        assertThat(objects.get(0).landmarks())
                .containsOnly(
                        Map.entry("left_eye", new Point(150, 0)),
                        Map.entry("right_eye", new Point(150, 25)),
                        Map.entry("nose", new Point(100, 0)),
                        Map.entry("left_mouth", new Point(200, 150)),
                        Map.entry("right_mouth", new Point(50, 75)));
    }

    /** Calculated by hand: y before x, like the boxes; 5 / 10 of the anchor's 0.4 beyond its centre at 0.5, of 100 pixels. */
    @Test
    void landmarksAreDecodedFromTheirAnchors() throws IOException {
        float[] points = {5, -2.5f, 0, 0, 0, 0, 0, 0, 0, 0};
        Detector detector = new Detector(
                open(TinyDetectors.withLandmarks(TinyDetectors.anchored("0.5,0.5,0.4,0.2\n", new double[4]), points)));
        float[][] values = {{0, 0, 0, 0}, {2, FAR_BELOW, FAR_BELOW}, points};

        Map<String, Point> landmarks =
                detector.detect(new Inferred.Outputs(values), 200, 100).get(0).landmarks();

        assertThat(landmarks).hasEntrySatisfying("left_eye", eye -> {
            assertThat(eye.x()).isCloseTo(90, within(1e-6));
            assertThat(eye.y()).isCloseTo(70, within(1e-6));
        });
        assertThat(landmarks).containsEntry("nose", new Point(100, 50));
    }

    private static View view(Region part, float[] scores, float... boxes) {
        return new View(part, new Inferred.Outputs(new float[][] {boxes, scores}));
    }

    @Test
    void boxesAreClippedToThePhotoAndThoseOutsideAreDropped() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.corners(ANY, ANY, ANY)));
        float[] boxes = {-0.5f, 0.2f, 0.5f, 3, 1.1f, 0, 1.5f, 1, 0.6f, 0.6f, 0.4f, 0.9f};

        List<Detection> objects = detect(
                detector, boxes, new float[] {5, FAR_BELOW, FAR_BELOW, 5, FAR_BELOW, FAR_BELOW, 5, FAR_BELOW, FAR_BELOW
                });

        // the second is outside, the third ends before it begins
        assertThat(objects).extracting(Detection::box).containsExactly(new Box(0, 20, 100, 100));
    }

    /** Calculated by hand from the coder of Faster R-CNN with scales 10, 10, 5, 5. */
    @Test
    void codesAreDecodedFromTheirAnchors() throws IOException {
        double[] codes = {5, -2.5, 5 * Math.log(2), 0};
        Detector detector = new Detector(open(TinyDetectors.anchored("0.5,0.5,0.2,0.4\n", codes)));

        List<Detection> objects = detect(
                detector, new float[] {5, -2.5f, (float) (5 * Math.log(2)), 0}, new float[] {5, FAR_BELOW, FAR_BELOW});

        // centre y 0.5 + 0.5 · 0.2, x 0.5 − 0.25 · 0.4; height 2 · 0.2, width 0.4
        Box box = objects.get(0).box();
        assertThat(box.xmin()).isCloseTo(0.2f * 200, within(1e-4f));
        assertThat(box.ymin()).isCloseTo(0.4f * 100, within(1e-4f));
        assertThat(box.xmax()).isCloseTo(0.6f * 200, within(1e-4f));
        assertThat(box.ymax()).isCloseTo(0.8f * 100, within(1e-4f));
    }

    @Test
    void scalesAndOrderOfCodesCanBeConfigured() throws IOException {
        Map<String, byte[]> files = TinyDetectors.anchored("0.5,0.5,0.2,0.4\n", ANY);
        files = TinyDetectors.inManifest(files, "\"yxyx\"", "\"xyxy\", \"scales\": [1, 2, 1, 1]");
        Detector detector = new Detector(open(files));

        List<Detection> objects = detect(detector, new float[] {0.25f, 1, 0, 0}, new float[] {5, FAR_BELOW, FAR_BELOW});

        // centre x 0.5 + 0.25 · 0.4, y 0.5 + 1/2 · 0.2
        Box box = objects.get(0).box();
        assertThat(box.xmin()).isCloseTo(80, within(1e-4f));
        assertThat(box.ymin()).isCloseTo(50, within(1e-4f));
        assertThat(box.xmax()).isCloseTo(160, within(1e-4f));
        assertThat(box.ymax()).isCloseTo(70, within(1e-4f));
    }

    /** exp of a large code overflows; the box must still be clipped to the photo. */
    @Test
    void anEnormousCodeGivesABoxAsLargeAsThePhoto() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.anchored("0.5,0.5,0.2,0.4\n", ANY)));

        List<Detection> objects =
                detect(detector, new float[] {0, 0, 1e30f, 1e30f}, new float[] {5, FAR_BELOW, FAR_BELOW});

        assertThat(objects).extracting(Detection::box).containsExactly(new Box(0, 0, 200, 100));
    }

    @Test
    void softmaxIsOverTheClassesOfABoxWithoutBackground() throws IOException {
        Map<String, byte[]> files = TinyDetectors.inManifest(
                TinyDetectors.corners(ANY, ANY), "\"sigmoid\"", "\"softmax\", \"background\": 0");
        Detector detector = new Detector(open(files), 0.15);
        float[] boxes = {0, 0, 0.1f, 0.1f, 0.5f, 0.5f, 1, 1};
        float ln = (float) Math.log(3);

        List<Detection> objects = detect(detector, boxes, new float[] {10, 0, 0, 0, 0, ln});

        // the first box is background; the second has 1/5, 1/5, 3/5
        assertThat(objects).extracting(Detection::label).containsExactly(2, 1);
        assertThat(objects.get(0).score()).isCloseTo(0.6f, within(1e-6f));
        assertThat(new Detector(open(files))
                        .detect(new Inferred.Outputs(new float[][] {boxes, {10, 0, 0, 0, 0, 0}}), 200, 100))
                .isEmpty();
    }

    @Test
    void aGraphThatReturnsClassesIsRead() throws IOException {
        Detector detector = new Detector(open(choosing()));
        float[] boxes = {0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1, 0, 0, 0, 0};

        assertThat(detector.outputs()).containsExactly("boxes", "scores", "classes");
        List<Detection> objects =
                detector.detect(new Inferred.Outputs(new float[][] {boxes, {0.6f, 0.9f, 0}, {1, 3, 0}}), 200, 100);

        assertThat(objects)
                .containsExactly(
                        new Detection(2, 0.9f, new Box(100, 50, 200, 100)),
                        new Detection(0, 0.6f, new Box(0, 0, 100, 50)));
        assertThatThrownBy(() -> detector.detect(
                        new Inferred.Outputs(new float[][] {boxes, {0.6f, 0.9f, 0}, {1, 4, 0}}), 200, 100))
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining("gave class 4.0 but config.json names 3 labels from 1 on");
    }

    @Test
    void outputsThatDoNotFitThePackageAreNotBlamedOnAPhoto() throws IOException {
        Detector detector = new Detector(open(TinyDetectors.corners(ANY, ANY)));

        assertThatThrownBy(() -> detect(detector, new float[8], new float[4]))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageEndingWith("config.json names 3 labels but output scores has 2; fix id2label");
    }

    @Test
    void aPackageForAnotherTaskIsRejected() throws IOException {
        ModelPackage classifier = open(TinyModels.classify("a", "b", "c"));

        assertThatThrownBy(() -> new Detector(classifier))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("its task is classify but this job needs detect");
    }

    /** Returns a detector with outputs {@code boxes}, {@code scores} and {@code classes}, with the first label numbered 1. */
    private static Map<String, byte[]> choosing() {
        var graph = TinyDetectors.graph(new double[][] {ANY, ANY, ANY}).toBuilder();
        graph.getGraphBuilder()
                .setOutput(1, TinyModels.value("scores", List.of("1", "M")))
                .addOutput(TinyModels.value("classes", List.of("1", "M")));
        Map<String, byte[]> files = TinyDetectors.inManifest(
                TinyDetectors.corners(ANY, ANY, ANY),
                "\"activation\": \"sigmoid\"}",
                "\"activation\": \"none\"}, \"classes\": {\"name\": \"classes\", \"first\": 1}");
        return TinyModels.listed(
                TinyModels.with(files, "model.onnx", graph.build().toByteArray()));
    }

    private static List<Detection> detect(Detector detector, float[] boxes, float[] scores) {
        return detector.detect(new Inferred.Outputs(new float[][] {boxes, scores}), 200, 100);
    }

    private ModelPackage open(Map<String, byte[]> files) throws IOException {
        Path directory = TinyModels.writeDirectory(Files.createTempDirectory(folder, "tiny"), files);
        return ModelPackage.open(directory.toString(), new Configuration(false));
    }
}
