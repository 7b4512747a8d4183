package io.planisphere.vision;

import io.planisphere.image.Preprocessing.Size;
import io.planisphere.image.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a photo that a detector processes separately, so that it also detects small objects in large photos.
 *
 * <p>Scale 1 is the whole photo. At scale s the sides of a part are 1/2^(s-1) of the photo's, and neighbouring parts overlap by
 * half: an object of up to half a part's sides is completely inside one part, and larger objects are covered by the previous
 * scale. That makes 1, 9, 49, 225, … parts; a scale whose parts have fewer pixels than the network's input is left out, because
 * upscaling adds no detail.
 */
public final class Tiles {
    /** Maximum number of scales; the last one has 961 parts. */
    public static final int MOST = 5;

    private Tiles() {}

    /**
     * Returns the parts at scales 1 to {@code scales}, whole photo first, then row by row.
     *
     * @param width width of the photo in pixels
     * @param height height of the photo in pixels
     * @param scales number of scales, 1 to {@value #MOST}
     * @param input size of the network's input
     */
    public static List<Region> of(int width, int height, int scales, Size input) {
        List<Region> parts = new ArrayList<>();
        parts.add(new Region(0, 0, width, height));
        for (int scale = 1; scale < scales; scale++) {
            int across = (width + (1 << scale) - 1) >> scale; // rounded up
            int down = (height + (1 << scale) - 1) >> scale;
            if (across < input.width() || down < input.height()) {
                break;
            }
            int steps = (2 << scale) - 2; // from the first to the last part of a row
            for (int line = 0; line <= steps; line++) {
                int top = (int) ((long) (height - down) * line / steps);
                for (int column = 0; column <= steps; column++) {
                    int left = (int) ((long) (width - across) * column / steps);
                    parts.add(new Region(left, top, across, down));
                }
            }
        }
        return parts;
    }
}
