package io.planisphere.benchmark;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.util.List;

/** Preprocessing as exported MobileNets ask for it. */
final class BenchmarkRules {
    private BenchmarkRules() {}

    /**
     * Shorter side to 256 / 224 of the crop, bilinear, centre crop.
     *
     * @param side of the crop in pixels
     */
    static Preprocessing of(Element element, int side) {
        boolean floats = element == Element.FLOAT;
        double centre = floats ? 0.5 : 0;
        double spread = floats ? 0.5 : 1;
        return new Preprocessing(
                new Resize.ShortestSide(side * 256 / 224),
                new Size(side, side),
                Resampling.BILINEAR,
                floats ? 1 / 255.0 : 1,
                List.of(centre, centre, centre),
                List.of(spread, spread, spread),
                floats ? Layout.NCHW : Layout.NHWC,
                element);
    }
}
