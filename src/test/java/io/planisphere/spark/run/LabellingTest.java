package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabellingTest {
    @ParameterizedTest
    @CsvSource({
        "24000, 2, 10", // with nine, one core would work alone for the last tenth of the time
        "20000, 2, 8",
        "20001, 2, 10",
        "80000, 2, 32",
        "8000, 2, 8",
        "40000000, 1000, 16000",
        "100, 16, 64",
        "3, 16, 3",
        "0, 4, 1"
    })
    void eachCoreHasTheSameNumberOfTasks(long references, int cores, int tasks) {
        assertThat(Labelling.tasks(references, cores)).isEqualTo(tasks);
    }
}
