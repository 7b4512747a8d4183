package io.planisphere.cost;

/**
 * Thrown when the shape of an operator's output cannot be inferred, because it depends on values at run time or there is no rule;
 * the message has the reason.
 */
final class UnknownShape extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownShape(String why) {
        super(why, null, false, false); // without a stack trace
    }
}
