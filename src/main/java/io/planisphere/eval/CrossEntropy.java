package io.planisphere.eval;

import java.util.Locale;

/**
 * How far a student's distributions over classes are from its teacher's: what distillation minimises (Hinton et al., 2015;
 * Howard et al., 2017, section 4.7). Natural logarithms, so that the unit is the nat.
 *
 * @param photos (or faces) that both have a distribution for
 * @param crossEntropy mean of −Σ teacher · ln student
 * @param divergence mean of the Kullback-Leibler divergence of the student from the teacher: the cross-entropy less what the
 *     teacher's own uncertainty makes inevitable; 0 where both are equal
 * @param agreement share of photos, 0 to 1, in which both think the same class the most probable, with Wilson's interval
 */
public record CrossEntropy(long photos, double crossEntropy, double divergence, Estimate agreement) {
    /**
     * The student's probability is taken to be at least this in the logarithm. Distributions are stored as half floats, in which
     * all below 2⁻²⁵ is zero; without a bound, one such class that the teacher thinks possible would make the mean infinite.
     */
    public static final double LEAST = 0x1p-25;

    /**
     * The least that is left of one beside a probability that is stored as one: half a step of half floats below one. It bounds the
     * logarithm for labels that stand alone.
     */
    public static final double LEAST_REST = 0x1p-12;

    /**
     * One photo.
     *
     * @param crossEntropy nats
     * @param divergence nats
     * @param agrees whether both have the same most probable class, of equal ones the first; for labels that stand alone, whether
     *     each is at least one half for both or for neither
     */
    public record OfPhoto(double crossEntropy, double divergence, boolean agrees) {}

    /**
     * Compares two distributions, each divided by its sum, which rounding to half floats leaves up to a thousandth from one.
     *
     * @param teacher probability by class
     * @param student probability by class, of the same classes
     * @throws IllegalArgumentException if they are of unlike length, or one is no distribution
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
     * Compares labels that stand alone (a sigmoid each): the sum over labels of the cross-entropy of yes and no.
     *
     * @param teacher probability by label
     * @param student probability by label, of the same labels
     * @throws IllegalArgumentException if they are of unlike length, or hold what is no probability
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

    /** Whether numbers that were stored as half floats can be one distribution: they add up to one but for their rounding. */
    public static boolean addUp(float[] probabilities) {
        double sum = 0;
        for (float each : probabilities) {
            sum += each;
        }
        // each is off by a 2048th of itself, or by 2^-25 where halves are finest; and twice that, for what was rounded
        // before
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
     * The mean of photos.
     *
     * @param photos how many, at least one
     * @param crossEntropies their sum
     * @param divergences their sum
     * @param agreeing photos that agree
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
