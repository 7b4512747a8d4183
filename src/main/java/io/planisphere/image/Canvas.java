package io.planisphere.image;

import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import java.nio.Buffer;

/** One photo's tensor while a {@link Preparer} writes it, in the rule's layout and element type. Reused. */
abstract class Canvas {
    private final int width;
    private final int height;
    private final boolean planar;

    Canvas(Preprocessing rule) {
        width = rule.crop().width();
        height = rule.crop().height();
        planar = rule.layout() == Layout.NCHW;
    }

    static Canvas of(Preprocessing rule) {
        return rule.element() == Element.UINT8 ? new ByteCanvas(rule) : new FloatCanvas(rule);
    }

    /** Writes pixels, red, green and blue of each in turn, of line {@code y} from column {@code x} on. */
    final void write(int[] row, int y, int x, int count) {
        int plane = planar ? width * height : 1;
        int step = planar ? 1 : 3;
        write(row, count, step * (y * width + x), step, plane);
    }

    final void mirror() {
        int step = planar ? 1 : 3; // values of one pixel that stand together
        int rowLength = step * width;
        for (int row = 0; row < 3 * width * height; row += rowLength) {
            for (int left = row, right = row + rowLength - step; left < right; left += step, right -= step) {
                swap(left, right, step);
            }
        }
    }

    final void fillWithZeros() {
        int[] zeros = new int[3 * width];
        for (int y = 0; y < height; y++) {
            write(zeros, y, 0, width);
        }
    }

    /**
     * Copies the tensor.
     *
     * @throws IllegalArgumentException if the buffer is of another element type
     */
    abstract void copyTo(Buffer target, int offset);

    abstract void write(int[] row, int count, int at, int step, int plane);

    abstract void swap(int left, int right, int count);

    static IllegalArgumentException mismatch(Element element, Buffer target) {
        return new IllegalArgumentException("A rule for " + element + " cannot fill a buffer of type " + target);
    }
}
