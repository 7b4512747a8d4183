package io.planisphere.image;

import java.nio.Buffer;
import java.nio.FloatBuffer;

/** Floats, normalised by the rule. */
final class FloatCanvas extends Canvas {
    // what each 8-bit value becomes, per channel
    private final float[] red;
    private final float[] green;
    private final float[] blue;
    private final float[] tensor;

    FloatCanvas(Preprocessing rule) {
        super(rule);
        red = normalised(rule, 0);
        green = normalised(rule, 1);
        blue = normalised(rule, 2);
        tensor = new float[rule.elements()];
    }

    private static float[] normalised(Preprocessing rule, int channel) {
        float[] table = new float[256];
        for (int v = 0; v < 256; v++) {
            double value = v * rule.rescaleFactor() - rule.mean().get(channel);
            table[v] = (float) (value / rule.std().get(channel));
        }
        return table;
    }

    @Override
    void write(int[] row, int count, int from, int step, int plane) {
        int at = from;
        for (int i = 0; i < 3 * count; i += 3) {
            tensor[at] = red[row[i]];
            tensor[at + plane] = green[row[i + 1]];
            tensor[at + 2 * plane] = blue[row[i + 2]];
            at += step;
        }
    }

    @Override
    void swap(int left, int right, int count) {
        for (int i = 0; i < count; i++) {
            float kept = tensor[left + i];
            tensor[left + i] = tensor[right + i];
            tensor[right + i] = kept;
        }
    }

    @Override
    void copyTo(Buffer target, int offset) {
        if (!(target instanceof FloatBuffer floats)) {
            throw mismatch(Preprocessing.Element.FLOAT, target);
        }
        floats.put(offset, tensor);
    }
}
