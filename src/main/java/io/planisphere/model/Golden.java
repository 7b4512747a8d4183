package io.planisphere.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A golden vector: the expected output of a network for a fixed input, which a session verifies before the first photo.
 *
 * @param output name of the tensor; compared before any activation
 * @param values one photo's whole output, flattened
 * @param tolerance maximum absolute difference
 */
public record Golden(String output, List<Double> values, double tolerance) {
    public Golden {
        values = List.copyOf(values);
    }

    /**
     * Returns the input of every golden vector, pattern {@code ramp}: element i, in the tensor's own order, is {@code ((i·31) mod
     * 256 − 127.5) / 127.5}.
     *
     * <p>For a tensor of 8-bit values it is {@code (i·31) mod 256}: the same picture before normalisation.
     *
     * @param elements values in one photo's tensor
     */
    public static float[] ramp(int elements) {
        float[] ramp = new float[elements];
        for (int i = 0; i < elements; i++) {
            ramp[i] = (float) ((i * 31L % 256 - 127.5) / 127.5);
        }
        return ramp;
    }

    /** Returns the input of every golden vector for a tensor of 8-bit values. */
    public static byte[] byteRamp(int elements) {
        byte[] ramp = new byte[elements];
        for (int i = 0; i < elements; i++) {
            ramp[i] = (byte) (i * 31L % 256);
        }
        return ramp;
    }

    /** Checks it against the number of values per photo of each declared output, by name. */
    void checkAgainst(Map<String, OptionalInt> widths) {
        OptionalInt width = widths.get(output);
        if (width == null) {
            throw new PackageProblem("manifest.json has golden values for " + output + ", which is none of its outputs "
                    + String.join(", ", widths.keySet()) + "; fix golden.output");
        }
        if (width.orElse(values.size()) != values.size()) {
            throw new PackageProblem("manifest.json has " + values.size() + " golden values for " + output
                    + ", which has " + width.getAsInt() + "; give all of one photo's");
        }
    }
}
