package io.planisphere.cost;

/** The shape of an operator's output cannot be told before it runs, or by no rule here; the message says why. */
final class UnknownShape extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownShape(String why) {
        super(why, null, false, false); // of no interest where it comes from
    }
}
