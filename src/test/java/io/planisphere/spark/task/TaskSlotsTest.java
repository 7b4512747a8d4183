package io.planisphere.spark.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.spark.LocalSpark;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskSlotsTest {
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled=true";
    private static final String GPU = "spark.executor.resource.gpu.amount";
    private static final String TASK_GPU = "spark.task.resource.gpu.amount";
    private static final List<Integer> NONE = List.of();

    /** Master, configuration, cores of the registered executors, expected slots. */
    static Stream<Arguments> clusters() {
        return Stream.of(
                of("local", "", List.of(1), 1),
                of("local[6]", "", List.of(6), 6),
                of("local[6,3]", "spark.task.cpus=2", List.of(6), 3),
                // the parallelism of shuffles says nothing about executors
                of("local[2]", "spark.default.parallelism=500", List.of(2), 2),
                of("local-cluster[3,4,1024]", "", NONE, 12),
                of("yarn", "", NONE, 2),
                of("yarn", "spark.executor.instances=50 spark.executor.cores=4", NONE, 200),
                of("yarn", "spark.executor.instances=50 spark.executor.cores=4", List.of(4, 4), 200),
                of("yarn", "spark.executor.instances=50 spark.executor.cores=5 spark.task.cpus=2", NONE, 100),
                of("k8s://https://api", "spark.executor.instances=10 spark.executor.cores=2", NONE, 20),
                of("yarn", DYNAMIC + " spark.dynamicAllocation.maxExecutors=50 spark.executor.cores=4", NONE, 200),
                of("yarn", DYNAMIC + " spark.dynamicAllocation.maxExecutors=1 spark.executor.cores=4", List.of(4), 4),
                // no limit, or one too high to matter
                of("yarn", DYNAMIC + " spark.executor.cores=4", NONE, 200),
                of("yarn", DYNAMIC + " spark.dynamicAllocation.maxExecutors=10000 spark.executor.cores=4", NONE, 200),
                of("yarn", DYNAMIC + " spark.dynamicAllocation.minExecutors=80 spark.executor.cores=4", NONE, 320),
                of("yarn", DYNAMIC + " spark.dynamicAllocation.initialExecutors=60", NONE, 60),
                // more executors registered than were requested
                of("yarn", "spark.executor.instances=1 spark.executor.cores=4", List.of(4, 4, 4), 12),
                // standalone: the cores it has assigned, unless there is a limit
                of("spark://master:7077", "", List.of(8, 16), 32),
                of("spark://master:7077", "spark.executor.cores=4", List.of(4, 4, 4), 12),
                of("spark://master:7077", "", NONE, 200),
                of("spark://master:7077", "spark.cores.max=24", List.of(8), 24),
                of("spark://master:7077", "spark.cores.max=24 spark.executor.cores=5", NONE, 20),
                of("spark://master:7077", "spark.cores.max=24 spark.executor.cores=4 " + DYNAMIC, NONE, 24),
                of(
                        "spark://master:7077",
                        DYNAMIC + " spark.dynamicAllocation.maxExecutors=3 spark.executor.cores=1",
                        NONE,
                        3),
                of("spark://master:7077", DYNAMIC + " spark.dynamicAllocation.maxExecutors=3", List.of(8), 24),
                // GPUs
                of(
                        "yarn",
                        "spark.executor.instances=5 spark.executor.cores=8 " + GPU + "=1 " + TASK_GPU + "=1",
                        NONE,
                        5),
                of(
                        "yarn",
                        "spark.executor.instances=5 spark.executor.cores=8 " + GPU + "=2 " + TASK_GPU + "=0.4",
                        NONE,
                        20),
                of(
                        "yarn",
                        "spark.executor.instances=5 spark.executor.cores=8 spark.task.cpus=4 " + GPU + "=4 " + TASK_GPU
                                + "=1",
                        NONE,
                        10));
    }

    private static Arguments of(String master, String conf, List<Integer> registered, int slots) {
        return Arguments.of(master, conf, registered, slots);
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void slotsDependOnMasterConfigurationAndExecutors(String master, String conf, List<Integer> registered, int slots) {
        SparkConf spark = new SparkConf(false).setMaster(master);
        StringTokenizer words = new StringTokenizer(conf, " =");
        while (words.hasMoreTokens()) {
            spark.set(words.nextToken(), words.nextToken());
        }

        assertThat(TaskSlots.expected(spark, registered)).isEqualTo(slots);
    }

    @Test
    void theExecutorsOfARunningSparkAreCounted() {
        assertThat(TaskSlots.awaited(LocalSpark.session().sparkContext())).isEqualTo(8);
    }

    @Test
    void aBatchHasSixteenShardsPerCore() {
        assertThat(TaskSlots.shardsPerBatch(200)).isEqualTo(3200);
    }
}
