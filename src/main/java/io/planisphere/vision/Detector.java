package io.planisphere.vision;

import io.planisphere.image.Point;
import io.planisphere.image.Region;
import io.planisphere.infer.EngineFailure;
import io.planisphere.infer.Inferred;
import io.planisphere.model.DetectionHead;
import io.planisphere.model.DetectionHead.Classes;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Converts a detector's outputs to objects: decodes boxes, converts scores to probabilities, drops those below the minimum score,
 * and removes duplicates. The photo, or a part of it, is stretched to the network's input, so fractions of the input are
 * fractions of the photo.
 */
public final class Detector {
    private final ModelPackage model;
    private final DetectionHead head;
    private final Limits limits;
    private final BoxDecoder decoder;
    private final NonMaximumSuppression suppression;

    /**
     * Creates a detector with the limits of its package.
     *
     * @throws io.planisphere.model.ModelPackageException if the package's task is not {@link Task#DETECT}
     */
    public Detector(ModelPackage model) {
        this(model, headOf(model).limits());
    }

    /**
     * Creates a detector with another minimum score.
     *
     * @param minScore minimum score, 0 to 1
     */
    public Detector(ModelPackage model, double minScore) {
        this(
                model,
                new Limits(
                        minScore,
                        headOf(model).limits().iou(),
                        headOf(model).limits().maxObjects()));
    }

    /**
     * Creates a detector with its own limits.
     *
     * @param limits limits that replace those of the package
     */
    public Detector(ModelPackage model, Limits limits) {
        this.model = model;
        this.limits = limits;
        head = headOf(model);
        decoder = new BoxDecoder(head.boxes(), model.anchors());
        suppression = new NonMaximumSuppression(limits.iou());
    }

    private static DetectionHead headOf(ModelPackage model) {
        return model.require(Task.DETECT).detection().orElseThrow();
    }

    /** Returns the names of the tensors that {@link #detect} reads, in the order that it expects. */
    public List<String> outputs() {
        return head.outputs();
    }

    /**
     * Returns the objects in a photo, highest score first.
     *
     * @param outputs values of {@link #outputs()} for the photo
     * @param width width of the upright photo in pixels
     * @param height height of the upright photo in pixels
     * @throws io.planisphere.model.ModelPackageException if the number of values does not match the package
     * @throws EngineFailure if the network outputs a class without a label
     */
    public List<Detection> detect(Inferred.Outputs outputs, int width, int height) {
        return detect(List.of(new View(new Region(0, 0, width, height), outputs)), width, height);
    }

    /**
     * Returns the objects in a photo that was processed in several views. An object in several views counts once; the maximum
     * number of objects applies per view.
     */
    public List<Detection> detect(List<View> views, int width, int height) {
        List<Detection> candidates = new ArrayList<>();
        for (View view : views) {
            float[][] values = view.outputs().values();
            model.checkDetections(
                    values[0].length,
                    values[1].length,
                    head.landmarks().isPresent()
                            ? OptionalInt.of(values[values.length - 1].length)
                            : OptionalInt.empty());
            Found found = (i, label, score) -> {
                if (isObject(label, score)) {
                    decoder.box(values[0], i, view.part().width(), view.part().height())
                            .flatMap(box -> view.placed(box, width, height))
                            .ifPresent(box -> candidates.add(new Detection(label, score, box, landmarks(view, i))));
                }
            };
            if (head.classes().isPresent()) {
                chosen(values[1], values[2], head.classes().get(), found);
            } else {
                scored(values[1], found);
            }
        }
        return suppression.of(candidates, (long) limits.maxObjects() * views.size());
    }

    private Map<String, Point> landmarks(View view, int i) {
        Map<String, Point> points = new HashMap<>();
        head.landmarks().ifPresent(named -> {
            float[][] values = view.outputs().values();
            Region part = view.part();
            int count = named.points().size();
            for (int k = 0; k < count; k++) {
                Point point =
                        decoder.point(values[values.length - 1], 2 * (i * count + k), i, part.width(), part.height());
                points.put(named.points().get(k), new Point(part.left() + point.x(), part.top() + point.y()));
            }
        });
        return points;
    }

    /** Receives box {@code i} as an object of a class. */
    @FunctionalInterface
    private interface Found {
        void add(int i, int label, float score);
    }

    /** Reads one score per box and class; a box may be an object of several classes. */
    private void scored(float[] scores, Found found) {
        int classes = model.labels().size();
        float[] ofBox = new float[classes];
        float[] probabilities = new float[classes];
        for (int i = 0; i < scores.length / classes; i++) {
            System.arraycopy(scores, i * classes, ofBox, 0, classes);
            Probabilities.of(ofBox, head.scores().activation(), model.temperature(), probabilities);
            for (int label = 0; label < classes; label++) {
                found.add(i, label, probabilities[label]);
            }
        }
    }

    /** Reads one score per box and the class that the graph has chosen for it. */
    private void chosen(float[] scores, float[] classes, Classes named, Found found) {
        float[] probabilities = new float[scores.length];
        Probabilities.of(scores, head.scores().activation(), model.temperature(), probabilities);
        if (classes.length != scores.length) {
            throw new EngineFailure(String.format(
                    Locale.ROOT,
                    "The network of %s gave %d scores but %d classes",
                    model.location(),
                    scores.length,
                    classes.length));
        }
        for (int i = 0; i < scores.length; i++) {
            int label = Math.round(classes[i]) - named.first();
            boolean isNamed = label >= 0 && label < model.labels().size();
            // graphs with a fixed number of boxes pad with score 0 and an arbitrary class
            if (!isNamed && probabilities[i] >= limits.minScore() && probabilities[i] > 0) {
                throw new EngineFailure(String.format(
                                Locale.ROOT,
                                "The network of %s gave class %s but config.json names %d labels from %d on; fix",
                                model.location(),
                                classes[i],
                                model.labels().size(),
                                named.first())
                        + " id2label or outputs.classes.first");
            }
            if (isNamed) {
                found.add(i, label, probabilities[i]);
            }
        }
    }

    private boolean isObject(int label, float score) {
        return score >= limits.minScore() && head.scores().background().orElse(-1) != label;
    }
}
