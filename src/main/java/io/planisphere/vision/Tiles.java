package io.planisphere.vision;

import io.planisphere.image.Preprocessing.Size;
import io.planisphere.image.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a photo that a detector is shown, so that in a large photo it sees small objects as well.
 *
 * <p>Scale 1 is the whole photo. At scale s the parts have 1/2^(s-1) of its sides, and each lies half over its neighbours: so
 * an object up to half a part's sides lies wholly in one of them, and larger ones are a matter of the scale before. That makes
 * 1, 9, 49, 225, … parts; a scale whose parts have fewer pixels than the network's input is left out, as it would only blur.
 */
public final class Tiles {
    /** Of scales; the last one has 961 parts. */
    public static final int MOST = 5;

    private Tiles() {}

    /**
     * The parts at scales 1 to {@code scales}, whole photo first, then row by row.
     *
     * @param width of the photo in pixels
     * @param height likewise
     * @param scales 1 to {@value #MOST}
     * @param input of the network
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
