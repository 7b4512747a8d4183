package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.spark.file.RunFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Job aborted: Task 3 failed 4 times: java.io.IOException: No space left on device\n\tat java.base/x",
                "Disk quota exceeded",
                "The DiskSpace quota of /places is exceeded: quota = 1 B = 1 B but diskspace consumed = 2 B",
                "File /places/part-0 could only be written to 0 of the 1 minReplication nodes."
            })
    void aFullDiskIsExplainedAtAnyDepthOfTheCauses(String words) {
        Throwable failure = new IllegalStateException("The query failed", new IOException(words));

        assertThat(Failure.explained(failure))
                .hasValueSatisfying(message ->
                        assertThat(message).contains("There is no space left", "start the same command again"));
    }

    @Test
    void anUnusableGpuIsExplainedWithTheWorkersMessage() {
        Throwable failure = new IllegalStateException(
                "The query failed",
                new IOException(
                        "Job aborted: Task 0 failed 4 times: io.planisphere.infer.EngineFailure: GPU 1 cannot be used: "
                                + "libcudart.so.12: cannot open shared object file; install it\n\tat io.planisphere.x"));

        assertThat(Failure.explained(failure))
                .contains("GPU 1 cannot be used: libcudart.so.12: cannot open shared object file; install it");
    }

    @Test
    void theMessageOfARunFailureIsPassedOn() {
        Throwable failure = new IllegalStateException("The query failed", new RunFailure("It was taken over"));

        assertThat(Failure.explained(failure)).contains("It was taken over");
    }

    @Test
    void otherFailuresKeepTheirStackTrace() {
        assertThat(Failure.explained(new IllegalStateException("A defect"))).isEmpty();
    }
}
