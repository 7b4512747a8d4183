package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.ImageLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ResizeOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "'', 4",
        "--resize exact, 4",
        "--resize fast, 1",
        "--reducing-gap 2, 2",
        "--resize fast --reducing-gap 3, 3"
    })
    void theReducingGapFollowsTheResizeUnlessItIsGiven(String options, double gap) {
        String[] words = options.isEmpty() ? new String[0] : options.split(" ");

        ResizeOptions parsed = new ResizeOptions();
        new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);

        assertThat(parsed.in(ImageLimits.DEFAULT).reducingGap()).isEqualTo(gap);
    }
}
