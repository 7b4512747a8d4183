package io.planisphere.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The interpretation of a detector's outputs. Boxes are {@code [N, A, 4]}. Either scores are {@code [N, A, C]}, one per box and
 * class; or, if the graph chooses the class itself, they are {@code [N, A]} and {@code classes}, also {@code [N, A]}, has the
 * number of each box's class. Landmarks are {@code [N, A, 2·P]}, two numbers per point in the boxes' order and coding: a fraction
 * of the photo, or an offset from the anchor's centre in anchor's sizes, divided by the scale of a centre.
 *
 * @param limits limits recommended by the package
 */
public record DetectionHead(
        Boxes boxes, Scores scores, Optional<Classes> classes, Optional<Landmarks> landmarks, Limits limits) {

    /** The coding of the four numbers of a box. */
    public enum Coding {
        /** Two corners, as fractions of the photo. */
        CORNERS,
        /** Offsets from an {@link Anchor}: centre, then size. */
        ANCHORS
    }

    /** The order of the axes in each corner, or in centre and size. */
    public enum Order {
        XYXY,
        YXYX
    }

    /**
     * The output with the boxes.
     *
     * @param output name of the tensor
     * @param anchorsFile file of the package with a line per box; not needed for {@link Coding#CORNERS}
     * @param scales divisors of the codes, in the order of the codes; the reciprocals of what SSD's own code calls variances.
     *     Four values above 0
     */
    public record Boxes(String output, Coding coding, Order order, String anchorsFile, List<Double> scales) {
        public Boxes {
            scales = List.copyOf(scales);
        }
    }

    /**
     * The output with the scores.
     *
     * @param output name of the tensor
     * @param background the background class, if there is one
     */
    public record Scores(String output, Activation activation, OptionalInt background) {}

    /**
     * The output with the numbers of classes, as floats.
     *
     * @param output name of the tensor
     * @param first number of the first label of config.json
     */
    public record Classes(String output, int first) {}

    /**
     * The output with landmarks of each object.
     *
     * @param output name of the tensor
     * @param points names of the landmarks, such as {@code left_eye}; without repetition
     */
    public record Landmarks(String output, List<String> points) {
        public Landmarks {
            points = List.copyOf(points);
        }
    }

    /**
     * The limits for boxes to count as objects.
     *
     * @param minScore minimum probability, 0 to 1
     * @param iou maximum intersection over union of two objects of a class; a box that overlaps a better one by more is dropped;
     *     0 to 1, and 1 keeps all
     * @param maxObjects maximum number of objects per photo
     */
    public record Limits(double minScore, double iou, int maxObjects) implements Serializable {
        public Limits {
            if (!(minScore >= 0 && minScore <= 1) || !(iou >= 0 && iou <= 1) || maxObjects < 1) {
                throw new IllegalArgumentException(
                        "Least score and overlap must be from 0 to 1 and objects at least 1, got " + minScore + ", "
                                + iou + " and " + maxObjects);
            }
        }
    }

    /** Returns the names of the tensors: boxes, scores, then classes and landmarks if there are any. */
    public List<String> outputs() {
        List<String> outputs = new ArrayList<>(List.of(boxes.output, scores.output));
        classes.ifPresent(named -> outputs.add(named.output));
        landmarks.ifPresent(named -> outputs.add(named.output));
        return outputs;
    }
}
