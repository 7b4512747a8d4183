package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NonMaximumSuppressionTest {
    private static final Box LEFT = new Box(0, 0, 10, 10);
    private static final Box SHIFTED = new Box(5, 0, 15, 10); // intersection 50, union 150 with LEFT
    private static final Box FAR = new Box(50, 50, 60, 60);

    @Test
    void overlapIsIntersectionOverUnion() {
        assertThat(LEFT.iou(SHIFTED)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(LEFT.iou(LEFT)).isEqualTo(1);
        assertThat(LEFT.iou(FAR)).isZero();
        assertThat(LEFT.iou(new Box(10, 0, 20, 10))).isZero(); // they touch
        assertThat(new Box(1, 1, 1, 1).iou(new Box(1, 1, 1, 1))).isZero();
    }

    @Test
    void aBoxThatEndsBeforeItBeginsIsRejected() {
        assertThatThrownBy(() -> new Box(2, 0, 1, 3)).hasMessageContaining("x from 2.0 to 1.0");
        assertThatThrownBy(() -> new Box(0, Float.NaN, 1, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theBetterOfTwoBoxesOnOneObjectStays() {
        List<Detection> boxes =
                List.of(new Detection(0, 0.6f, LEFT), new Detection(0, 0.9f, SHIFTED), new Detection(0, 0.5f, FAR));

        assertThat(new NonMaximumSuppression(0.3).of(boxes, 10)).containsExactly(boxes.get(1), boxes.get(2));
        assertThat(new NonMaximumSuppression(0.34).of(boxes, 10))
                .containsExactly(boxes.get(1), boxes.get(0), boxes.get(2));
    }

    @Test
    void classesDoNotSuppressEachOther() {
        List<Detection> boxes = List.of(new Detection(0, 0.9f, LEFT), new Detection(1, 0.8f, LEFT));

        assertThat(new NonMaximumSuppression(0.3).of(boxes, 10)).isEqualTo(boxes);
    }

    @Test
    void theFirstOfEqualScoresStays() {
        List<Detection> boxes = List.of(new Detection(0, 0.5f, SHIFTED), new Detection(0, 0.5f, LEFT));

        assertThat(new NonMaximumSuppression(0.3).of(boxes, 10)).containsExactly(boxes.get(0));
    }

    /** A box that overlaps only with a dropped box stays: only kept boxes suppress others. */
    @Test
    void aDroppedBoxDoesNotSuppressOthers() {
        Box further = new Box(10, 0, 20, 10);
        List<Detection> boxes =
                List.of(new Detection(0, 0.9f, LEFT), new Detection(0, 0.8f, SHIFTED), new Detection(0, 0.7f, further));

        assertThat(new NonMaximumSuppression(0.3).of(boxes, 10)).containsExactly(boxes.get(0), boxes.get(2));
    }

    @Test
    void resultsMatchTheDefinition() {
        Random random = new Random(7);
        for (int trial = 0; trial < 300; trial++) {
            List<Detection> boxes = random(random, random.nextInt(60));
            double iou = random.nextInt(11) / 10.0;
            int most = 1 + random.nextInt(60);

            assertThat(new NonMaximumSuppression(iou).of(boxes, most))
                    .as("trial %d", trial)
                    .isEqualTo(byDefinition(boxes, iou, most));
        }
    }

    /** Repeatedly takes the best remaining box and removes the boxes that duplicate it. */
    private static List<Detection> byDefinition(List<Detection> boxes, double iou, int most) {
        List<Detection> left = new ArrayList<>(boxes);
        List<Detection> kept = new ArrayList<>();
        while (!left.isEmpty() && kept.size() < most) {
            int best = 0;
            for (int i = 1; i < left.size(); i++) {
                best = left.get(i).score() > left.get(best).score() ? i : best;
            }
            Detection chosen = left.remove(best);
            kept.add(chosen);
            left.removeIf(box -> box.label() == chosen.label() && overlap(box, chosen) > iou);
        }
        return kept;
    }

    /** Computes the overlap by counting unit squares, because all corners are whole numbers. */
    private static double overlap(Detection one, Detection other) {
        int both = 0;
        int any = 0;
        for (int x = 0; x < 20; x++) {
            for (int y = 0; y < 20; y++) {
                boolean inOne = holds(one.box(), x, y);
                boolean inOther = holds(other.box(), x, y);
                both += inOne && inOther ? 1 : 0;
                any += inOne || inOther ? 1 : 0;
            }
        }
        return (double) both / any;
    }

    private static boolean holds(Box box, int x, int y) {
        return box.xmin() <= x && x < box.xmax() && box.ymin() <= y && y < box.ymax();
    }

    private static List<Detection> random(Random random, int count) {
        List<Detection> boxes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int x = random.nextInt(15);
            int y = random.nextInt(15);
            Box box = new Box(x, y, x + 1 + random.nextInt(5), y + 1 + random.nextInt(5));
            boxes.add(new Detection(random.nextInt(3), random.nextInt(10) / 10f, box));
        }
        return boxes;
    }
}
