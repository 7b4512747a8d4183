package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Requirements of tests on the machine: a program, a permission, a network. */
public final class Required {
    private Required() {}

    /**
     * Ends the test if the requirement is not met: skipped, which the build reports with the reason, or failed if {@code CI} is
     * set.
     *
     * @param otherwise what is missing, and how to fix it
     */
    public static void require(boolean isThere, String otherwise) {
        if (System.getenv("CI") != null) {
            assertThat(isThere).as(otherwise).isTrue();
        }
        assumeTrue(isThere, otherwise);
    }
}
