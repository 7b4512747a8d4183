package io.planisphere.eval;

import java.util.Locale;

/**
 * The distance of a student's class distributions from its teacher's, which distillation minimises (Hinton et al., 2015; Howard
 * et al., 2017, section 4.7). Logarithms are natural, so the unit is the nat.
 *
 * @param photos photos (or faces) with a distribution of both
 * @param crossEntropy mean of −Σ teacher · ln student
 * @param divergence mean of the Kullback-Leibler divergence of the student from the teacher: the cross-entropy minus the entropy
 *     of the teacher; 0 if both are equal
 * @param agreement share of photos, 0 to 1, with the same most probable class in both, with Wilson's interval
 */
public record CrossEntropy(long photos, double crossEntropy, double divergence, Estimate agreement) {
    /**
     * Lower bound of the student's probability in the logarithm. Distributions are stored as half floats, in which values below
     * 2⁻²⁵ are zero; without a bound, one such class with a non-zero teacher probability would make the mean infinite.
     */
    public static final double LEAST = 0x1p-25;

    /**
     * Lower bound of the complement of a probability that is stored as 1: half a step of half floats below 1. It bounds the
     * logarithm for independent labels.
     */
    public static final double LEAST_REST = 0x1p-12;

    /**
     * The distances for one photo.
     *
     * @param crossEntropy nats
     * @param divergence nats
     * @param agrees whether both have the same most probable class, the first of equal ones; for independent labels, whether each
     *     label is at least one half in both or in neither
     */
    public record OfPhoto(double crossEntropy, double divergence, boolean agrees) {}

    /**
     * Compares two distributions, each divided by its sum, which may differ from 1 by up to a thousandth after rounding to half
     * floats.
     *
     * @param teacher teacher's probability by class
     * @param student student's probability by class, of the same classes
     * @throws IllegalArgumentException if their lengths differ, or one is not a distribution
     */
    public static OfPhoto of(float[] teacher, float[] student) {
        refuseUnlike(teacher, student);
        double ofTeacher = sum(teacher);
        double ofStudent = sum(student);
        double cross = 0;
        double divergence = 0;
        for (int i = 0; i < teacher.length; i++) {
            double p = teacher[i] / ofTeacher;
            if (p > 0) {
                double logStudent = Math.log(Math.max(student[i] / ofStudent, LEAST));
                cross -= p * logStudent;
                divergence += p * (Math.log(p) - logStudent);
            }
        }
        return new OfPhoto(cross, divergence, best(teacher) == best(student));
    }

    /**
     * Compares independent labels (sigmoid): the sum over labels of the binary cross-entropy.
     *
     * @param teacher teacher's probability by label
     * @param student student's probability by label, of the same labels
     * @throws IllegalArgumentException if their lengths differ, or a value is not a probability
     */
    public static OfPhoto ofLabels(float[] teacher, float[] student) {
        refuseUnlike(teacher, student);
        double cross = 0;
        double own = 0;
        boolean agrees = true;
        for (int i = 0; i < teacher.length; i++) {
            double p = probability(teacher[i]);
            double q = probability(student[i]);
            cross -= p * Math.log(Math.max(q, LEAST)) + (1 - p) * Math.log(Math.max(1 - q, LEAST_REST));
            own -= (p > 0 ? p * Math.log(p) : 0) + (p < 1 ? (1 - p) * Math.log(1 - p) : 0);
            agrees &= p >= 0.5 == q >= 0.5;
        }
        return new OfPhoto(cross, cross - own, agrees);
    }

    /**
     * Returns whether numbers that were stored as half floats can be one distribution: they add up to 1 within their rounding.
     */
    public static boolean addUp(float[] probabilities) {
        double sum = 0;
        for (float each : probabilities) {
            sum += each;
        }
        // the error of each is a 2048th of itself, or 2^-25 for the smallest halves; doubled for earlier rounding
        return Math.abs(sum - 1) <= 2 * (0x1p-11 + 0x1p-25 * probabilities.length);
    }

    private static void refuseUnlike(float[] teacher, float[] student) {
        if (teacher.length != student.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "The teacher has %d classes, the student %d; compare models of the same classes",
                    teacher.length,
                    student.length));
        }
    }

    private static double probability(float value) {
        if (!(value >= 0 && value <= 1)) { // also NaN
            throw new IllegalArgumentException("A probability must be from 0 to 1, got %s".formatted(value));
        }
        return value;
    }

    /**
     * Returns the mean over photos.
     *
     * @param photos number of photos, at least 1
     * @param crossEntropies sum of the cross-entropies
     * @param divergences sum of the divergences
     * @param agreeing number of photos that agree
     */
    public static CrossEntropy ofSums(long photos, double crossEntropies, double divergences, long agreeing) {
        return new CrossEntropy(photos, crossEntropies / photos, divergences / photos, Wilson.share(agreeing, photos));
    }

    private static double sum(float[] probabilities) {
        double sum = 0;
        for (float each : probabilities) {
            if (!(each >= 0)) { // also NaN
                throw new IllegalArgumentException("A distribution must not hold %s".formatted(each));
            }
            sum += each;
        }
        if (!(sum > 0) || Double.isInfinite(sum)) {
            throw new IllegalArgumentException("A distribution must not sum up to %s".formatted(sum));
        }
        return sum;
    }

    private static int best(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }
}
