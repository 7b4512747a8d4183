package io.planisphere.quantize;

import java.io.Serializable;

/** Values that an activation takes; those beyond are cut off. */
record Range(double low, double high) implements Serializable {
    /** A range that 8 bits can count: with zero in it, and not empty. */
    Range withZero() {
        double below = Math.min(low, 0);
        double above = Math.max(high, 0);
        return below == above ? new Range(0, 1) : new Range(below, above);
    }

    Range within(Clamp clamp) {
        return new Range(Math.max(low, clamp.low()), Math.min(high, clamp.high()));
    }

    /** Units per step of 8 bits. */
    float scale() {
        return (float) ((high - low) / 255);
    }

    /** The step that stands for zero. */
    int zeroPoint() {
        return (int) Math.min(Math.max(Math.rint(-low / scale()), 0), 255);
    }
}
