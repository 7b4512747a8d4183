package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Map$;

class ExecutorCoresTest {
    private final ExecutorCores cores = new ExecutorCores();
    private final long opened = System.currentTimeMillis();

    /** Four cores for 100 s, and two cores for 60 s of the same time. */
    @Test
    void anExecutorCountsWhileItIsRegistered() {
        added("1", 4, 0);
        added("2", 2, 70);
        removed("1", 100);
        removed("2", 130);

        assertThat(cores.coreSeconds()).isCloseTo(4 * 100 + 2 * 60, within(1.0));
    }

    @Test
    void anEarlierExecutorCountsFromTheBeginning() {
        added("1", 4, -1000);
        removed("1", 10);

        assertThat(cores.coreSeconds()).isCloseTo(40, within(1.0));
    }

    @Test
    void anExecutorReportedTwiceOrLateCountsOnce() {
        added("1", 4, 0);
        added("1", 4, 0);
        removed("1", 10);
        added("1", 4, 0);
        removed("other", 10);

        assertThat(cores.coreSeconds()).isCloseTo(40, within(1.0));
    }

    private void added(String executor, int coresOfIt, int second) {
        ExecutorInfo info = new ExecutorInfo("host", coresOfIt, Map$.MODULE$.empty(), Map$.MODULE$.empty());
        cores.onExecutorAdded(new SparkListenerExecutorAdded(opened + second * 1000L, executor, info));
    }

    private void removed(String executor, int second) {
        cores.onExecutorRemoved(new SparkListenerExecutorRemoved(opened + second * 1000L, executor, "it is over"));
    }
}
