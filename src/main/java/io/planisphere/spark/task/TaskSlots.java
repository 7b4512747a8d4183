package io.planisphere.spark.task;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Computes how many tasks an application runs at once when it has all the executors that it can have. Spark's own {@code
 * defaultParallelism} counts only the cores registered so far, and is 2 before the first executor.
 */
public final class TaskSlots {
    /**
     * Executors assumed if dynamic allocation has no practical upper bound, and for a standalone cluster without an executor yet.
     */
    private static final int UNBOUNDED_EXECUTORS = 50;

    /** Upper bounds above this count as unbounded; Dataproc sets 10,000. */
    private static final int MOST_EXECUTORS = 1000;

    /** Keeps values computed from it within an int. */
    private static final int MOST_SLOTS = 1_000_000;

    /** Cores assumed for an executor that takes all cores of its worker and has not registered yet. */
    private static final int UNKNOWN_CORES = 4;

    /** Executors that YARN and Kubernetes start by default. */
    private static final int DEFAULT_INSTANCES = 2;

    private static final int SHARDS_PER_SLOT = 16;

    /** How long to wait for another executor after the last one. A standalone master starts all executors at once. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,\\s*\\d+)?])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*]");
    private static final Pattern TASK_RESOURCE = Pattern.compile("spark\\.task\\.resource\\.(.+)\\.amount");

    private TaskSlots() {}

    /**
     * Returns the default number of shards per batch: large enough that the end of a batch, when slots wait for its last tasks,
     * and the pause after it are a small part of its time.
     *
     * @param slots number of tasks that run at once
     */
    public static int shardsPerBatch(int slots) {
        return Math.multiplyExact(SHARDS_PER_SLOT, slots);
    }

    /** Returns the slots that the configuration promises or that are registered now, whichever is more. */
    public static int expected(SparkContext spark) {
        return expected(spark.conf(), registered(spark));
    }

    /**
     * Returns the expected slots at the beginning of an application. A standalone master assigns all its cores, whose number is
     * known only when its executors have registered. Waits for them, no longer than Spark itself does ({@code
     * spark.scheduler.maxRegisteredResourcesWaitingTime} from the start of the application).
     */
    public static int awaited(SparkContext spark) {
        long end = spark.startTime()
                + spark.conf().getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
        while (isOpen(spark.conf()) && System.currentTimeMillis() < end && !isSettled(spark)) {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for executors", e);
            }
        }
        return expected(spark);
    }

    /** Returns whether the number of executors is known only once they have registered. */
    private static boolean isOpen(SparkConf conf) {
        return isStandalone(conf) && !isDynamic(conf) && !conf.contains("spark.cores.max");
    }

    private static boolean isSettled(SparkContext spark) {
        long latest = executors(spark).stream()
                .mapToLong(executor -> executor.addTime().toInstant().toEpochMilli())
                .max()
                .orElse(Long.MAX_VALUE);
        return latest < System.currentTimeMillis() - SETTLED.toMillis();
    }

    private static List<Integer> registered(SparkContext spark) {
        return executors(spark).stream().map(ExecutorSummary::totalCores).toList();
    }

    /** Returns the live executors. Spark's list includes the driver, which has no cores on a cluster. */
    private static List<ExecutorSummary> executors(SparkContext spark) {
        return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
                .filter(executor -> executor.totalCores() > 0)
                .toList();
    }

    /**
     * Returns the expected slots for a configuration.
     *
     * @param registered cores of each registered executor
     */
    public static int expected(SparkConf conf, List<Integer> registered) {
        long now =
                registered.stream().mapToLong(cores -> perExecutor(conf, cores)).sum();
        return (int) Math.min(Math.max(Math.max(1, now), promised(conf, registered)), MOST_SLOTS);
    }

    /** Returns the tasks that run at once in all executors that the configuration allows. */
    private static long promised(SparkConf conf, List<Integer> registered) {
        String master = conf.get("spark.master", "");
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return perExecutor(conf, localCores(local.group(1)));
        }
        Matcher localCluster = LOCAL_CLUSTER.matcher(master);
        if (localCluster.matches()) {
            return Long.parseLong(localCluster.group(1)) * perExecutor(conf, Integer.parseInt(localCluster.group(2)));
        }
        int cores = executorCores(conf, registered);
        long executors = executors(conf, registered);
        if (isStandalone(conf) && conf.contains("spark.cores.max")) {
            executors = Math.min(executors, Math.max(1, conf.getInt("spark.cores.max", cores) / cores));
        }
        return executors * perExecutor(conf, cores);
    }

    private static long executors(SparkConf conf, List<Integer> registered) {
        if (isDynamic(conf)) {
            int most = conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
            return most <= MOST_EXECUTORS ? most : Math.max(UNBOUNDED_EXECUTORS, wanted(conf));
        }
        if (isStandalone(
                conf)) { // it ignores the number of instances, and assigns all its cores, or as many as requested
            if (conf.contains("spark.cores.max")) {
                return Integer.MAX_VALUE;
            }
            return registered.isEmpty() ? UNBOUNDED_EXECUTORS : registered.size();
        }
        return conf.getInt("spark.executor.instances", DEFAULT_INSTANCES);
    }

    /** Returns the executors that dynamic allocation starts with or keeps. */
    private static int wanted(SparkConf conf) {
        return Math.max(
                conf.getInt("spark.dynamicAllocation.minExecutors", 0),
                Math.max(
                        conf.getInt("spark.dynamicAllocation.initialExecutors", 0),
                        conf.getInt("spark.executor.instances", 0)));
    }

    private static int executorCores(SparkConf conf, List<Integer> registered) {
        int unset = !isStandalone(conf)
                ? 1
                : registered.stream().mapToInt(Integer::intValue).max().orElse(UNKNOWN_CORES);
        return Math.max(1, conf.getInt("spark.executor.cores", unset));
    }

    /** Returns the tasks that run at once in an executor, limited by its cores and by each resource that a task requests. */
    private static int perExecutor(SparkConf conf, int cores) {
        double tasks = Math.floor(cores / (double) Math.max(1, conf.getInt("spark.task.cpus", 1)));
        for (Tuple2<String, String> setting : conf.getAll()) {
            Matcher resource = TASK_RESOURCE.matcher(setting._1());
            if (resource.matches()) {
                double there = conf.getDouble("spark.executor.resource." + resource.group(1) + ".amount", 0);
                tasks = Math.min(tasks, shares(there, Double.parseDouble(setting._2())));
            }
        }
        return (int) Math.max(1, tasks);
    }

    /**
     * Returns how many tasks share a resource. A task's share below 1 is a fraction of one device: with 0.4 of a GPU, two tasks
     * fit, not two and a half.
     */
    private static double shares(double there, double perTask) {
        return perTask < 1 ? there * Math.floor(1 / perTask) : Math.floor(there / perTask);
    }

    private static int localCores(@Nullable String number) {
        if (number == null) {
            return 1;
        }
        return number.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(number);
    }

    private static boolean isStandalone(SparkConf conf) {
        return conf.get("spark.master", "").startsWith("spark://");
    }

    private static boolean isDynamic(SparkConf conf) {
        return conf.getBoolean("spark.dynamicAllocation.enabled", false);
    }
}
