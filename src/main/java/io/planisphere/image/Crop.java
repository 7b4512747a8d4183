package io.planisphere.image;

import java.util.Arrays;
import java.util.List;

/**
 * The window of the resized photo that becomes the tensor. The order is that of torchvision's {@code FiveCrop} and {@code
 * TenCrop}, with the centre first.
 */
public enum Crop {
    CENTRE(Align.MIDDLE, Align.MIDDLE, Mirror.NO),
    TOP_LEFT(Align.START, Align.START, Mirror.NO),
    TOP_RIGHT(Align.END, Align.START, Mirror.NO),
    BOTTOM_LEFT(Align.START, Align.END, Mirror.NO),
    BOTTOM_RIGHT(Align.END, Align.END, Mirror.NO),
    MIRRORED_CENTRE(Align.MIDDLE, Align.MIDDLE, Mirror.YES),
    MIRRORED_TOP_LEFT(Align.START, Align.START, Mirror.YES),
    MIRRORED_TOP_RIGHT(Align.END, Align.START, Mirror.YES),
    MIRRORED_BOTTOM_LEFT(Align.START, Align.END, Mirror.YES),
    MIRRORED_BOTTOM_RIGHT(Align.END, Align.END, Mirror.YES);

    /** The numbers of crops that {@link #first} supports: the centre; centre and corners; these five and their mirror images. */
    public static final List<Integer> COUNTS = List.of(1, 5, 10);

    enum Align {
        START,
        MIDDLE,
        END
    }

    enum Mirror {
        NO,
        YES
    }

    private final Align across;
    private final Align down;
    private final Mirror mirror;

    Crop(Align across, Align down, Mirror mirror) {
        this.across = across;
        this.down = down;
        this.mirror = mirror;
    }

    /**
     * Returns the crops in the order of this enum.
     *
     * @param count one of {@link #COUNTS}
     */
    public static List<Crop> first(int count) {
        if (!COUNTS.contains(count)) {
            throw new IllegalArgumentException("Crops must be one of " + COUNTS + ", got " + count);
        }
        return Arrays.asList(values()).subList(0, count);
    }

    Align across() {
        return across;
    }

    Align down() {
        return down;
    }

    boolean isMirrored() {
        return mirror == Mirror.YES;
    }
}
