package io.planisphere.vision;

import io.planisphere.image.Point;
import io.planisphere.image.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The positions of eyes, nose and mouth in the 112 x 112 pixels that networks of the ArcFace family are trained on (Deng et al.,
 * ArcFace, CVPR 2019; the points are those of InsightFace's {@code arcface_dst}). Left means left in the picture.
 */
public final class ArcFaceTemplate {
    /** Landmarks that a detector must output. */
    public static final List<String> POINTS = List.of("left_eye", "right_eye", "nose", "left_mouth", "right_mouth");

    private static final double SIDE = 112;

    private static final List<Point> PLACES = List.of(
            new Point(38.2946, 51.6963),
            new Point(73.5318, 51.5014),
            new Point(56.0252, 71.7366),
            new Point(41.5493, 92.3655),
            new Point(70.7299, 92.2041));

    private ArcFaceTemplate() {}

    /**
     * Returns the similarity that aligns a face's landmarks to the template, scaled to another side.
     *
     * @param landmarks landmarks with all {@link #POINTS}, in pixels of the photo
     * @param side side of the tensor in pixels
     * @return the similarity; empty if all landmarks coincide
     */
    static Optional<Similarity> align(Map<String, Point> landmarks, int side) {
        double scale = side / SIDE;
        List<Point> from = new ArrayList<>();
        for (String name : POINTS) {
            Point point = landmarks.get(name);
            if (point == null) {
                throw new IllegalArgumentException("No " + name + " among " + landmarks.keySet());
            }
            from.add(point);
        }
        List<Point> to = PLACES.stream()
                .map(place -> new Point(scale * place.x(), scale * place.y()))
                .toList();
        return Similarity.between(from, to);
    }
}
