package io.planisphere.quantize;

import java.io.Serializable;

/** The range of an activation; values outside are clipped. */
record Range(double low, double high) implements Serializable {
    /** Returns a range that 8 bits can represent: including zero, and not empty. */
    Range withZero() {
        double below = Math.min(low, 0);
        double above = Math.max(high, 0);
        return below == above ? new Range(0, 1) : new Range(below, above);
    }

    Range within(Clamp clamp) {
        return new Range(Math.max(low, clamp.low()), Math.min(high, clamp.high()));
    }

    /** Returns the size of an 8-bit step. */
    float scale() {
        return (float) ((high - low) / 255);
    }

    /** Returns the step that represents zero. */
    int zeroPoint() {
        return (int) Math.min(Math.max(Math.rint(-low / scale()), 0), 255);
    }
}
