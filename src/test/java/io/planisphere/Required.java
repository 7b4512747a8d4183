package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs of the machine: a program, a right, a network. */
public final class Required {
    private Required() {}

    /**
     * Ends the test where it is not there: skipped, which the build lists with the reason, or failed where {@code CI} is set.
     *
     * @param otherwise what is missing, and how to mend it
     */
    public static void require(boolean isThere, String otherwise) {
        if (System.getenv("CI") != null) {
            assertThat(isThere).as(otherwise).isTrue();
        }
        assumeTrue(isThere, otherwise);
    }
}
