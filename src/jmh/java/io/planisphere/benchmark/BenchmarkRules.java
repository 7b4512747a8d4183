package io.planisphere.benchmark;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.util.List;

/** Preprocessing as in exported MobileNets. */
final class BenchmarkRules {
    private BenchmarkRules() {}

    /**
     * Returns the rule: shorter side to 256 / 224 of the crop, bilinear, centre crop.
     *
     * @param side side of the crop in pixels
     */
    static Preprocessing of(Layout layout, int side) {
        return new Preprocessing(
                new Resize.ShortestSide(side * 256 / 224),
                new Size(side, side),
                Resampling.BILINEAR,
                1 / 255.0,
                List.of(0.5, 0.5, 0.5),
                List.of(0.5, 0.5, 0.5),
                layout);
    }
}
