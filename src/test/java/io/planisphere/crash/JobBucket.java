package io.planisphere.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.JobRun;
import io.planisphere.crash.ObjectStore.Call;
import io.planisphere.crash.ObjectStore.Connection;
import io.planisphere.crash.ObjectStore.Fault;
import io.planisphere.crash.ObjectStore.Snapshot;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;
import org.apache.spark.unsafe.types.UTF8String;

/** A bucket with inputs and outputs, and the jobs that one thread runs on it, each as if in its own process. */
final class JobBucket {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LEASE = Pattern.compile(".*/_run/lease\\.json");
    private static final int SPARK_SEED = 42;
    private static final int NO_PROCESS = 1 << 30;

    private final String name;
    private final ObjectStore store;
    private final SparkSession spark;
    private String messages = "";

    /** Empties the bucket, and configures jobs of this thread to run fast. */
    JobBucket(String name) throws IOException {
        this.name = name;
        store = ObjectStore.of(name);
        spark = LocalSpark.session().newSession();
        // one process per task would take most of the time
        spark.conf().set("spark.planisphere.isolateInterruptedBatches", "false");
        spark.conf()
                .set("spark.sql.shuffle.partitions", Phase.BATCHES); // a plan has this many files, one for each batch
        spark.conf().set("spark.sql.adaptive.enabled", false);
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        spark.conf().set("spark.sql.files.minPartitionNum", 1); // a single task reads all files
        spark.conf().set("spark.sql.files.openCostInBytes", 1);
        SparkSession.setActiveSession(spark);
        SparkContext context = spark.sparkContext();
        context.clearJobTags();
        context.addJobTag(name);
        ObjectStoreFileSystem.addTo(context.hadoopConfiguration());
        begin(Fault.NONE);
        Connection connection = store.connect();
        for (String key : store.snapshot().keys()) {
            connection.delete(key);
        }
    }

    ObjectStore store() {
        return store;
    }

    String uri(String key) {
        return ObjectStoreFileSystem.uri(name) + key;
    }

    /** Returns the partition that Spark assigns to an object when it partitions rows by their URI. */
    int partition(String key, int partitions) {
        UTF8String uri = UTF8String.fromString(uri(key));
        int hash = Murmur3_x86_32.hashUnsafeBytes(uri.getBaseObject(), uri.getBaseOffset(), uri.numBytes(), SPARK_SEED);
        return Math.floorMod(hash, partitions);
    }

    /** Writes an input. */
    void put(String key, byte[] bytes) throws IOException {
        begin(Fault.NONE);
        store.connect().put(key, bytes);
    }

    /** Runs a command line in a process that meets a fault, and returns its exit code. */
    int run(Fault fault, List<String> line) throws IOException {
        begin(fault);
        spark.catalog().clearCache(); // a new process has an empty cache
        try {
            JobRun run = JobRun.of(line.toArray());
            messages = run.output().strip();
            return run.exit();
        } finally {
            awaitTasks();
        }
    }

    /** Returns the output of the latest run. */
    String messages() {
        return messages;
    }

    List<Call> calls() {
        return store.calls();
    }

    private void begin(Fault fault) throws IOException {
        // threads that still work for an earlier process keep its dead file system
        FileSystem.get(ObjectStoreFileSystem.uri(name), spark.sparkContext().hadoopConfiguration())
                .close();
        store.begin(fault);
    }

    /**
     * Waits for running tasks: a failed job may leave tasks that have not noticed yet; in a real process they would have died
     * with it.
     */
    private void awaitTasks() {
        while (isWorking()) {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean isWorking() {
        JavaSparkStatusTracker tracker =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).statusTracker();
        for (int job : tracker.getActiveJobIds()) {
            SparkJobInfo info = tracker.getJobInfo(job);
            for (int stage : info == null ? new int[0] : info.stageIds()) {
                SparkStageInfo running = tracker.getStageInfo(stage);
                if (running != null && running.numActiveTasks() > 0 && isOurs(job)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isOurs(int job) {
        for (int ours : spark.sparkContext().statusTracker().getJobIdsForTag(name)) {
            if (ours == job) {
                return true;
            }
        }
        return false;
    }

    /** Marks the holders of leases as dead, because their simulated processes have died although this JVM lives. */
    void buryHolders() throws IOException {
        begin(Fault.NONE);
        Snapshot now = store.snapshot();
        for (String key : now.keys()) {
            if (LEASE.matcher(key).matches()) {
                JsonNode holder = JSON.readTree(now.bytes(key));
                store.connect().put(key, JSON.writeValueAsBytes(((ObjectNode) holder).put("pid", NO_PROCESS)));
            }
        }
    }

    /** Returns all rows that any Parquet reader finds, without their batch numbers, in a fixed order. */
    List<String> rows(String folder, String... without) {
        return spark
                .read()
                .parquet(uri(folder))
                .drop("batch")
                .drop(without)
                .selectExpr("to_json(struct(*))")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }

    /** Returns the number of batches of an output that contain Parquet files. */
    long batches(String folder) {
        return store.snapshot().keys().stream()
                .filter(key -> key.startsWith(folder + "/batch=") && key.endsWith(".parquet"))
                .map(key -> key.substring(0, key.indexOf('/', folder.length() + 1)))
                .distinct()
                .count();
    }

    /** Returns the name and bytes of every file in every tar of a folder, in a fixed order. */
    List<String> packed(String folder) throws IOException {
        List<String> files = new ArrayList<>();
        Snapshot now = store.snapshot();
        for (String key : now.keys()) {
            if (key.startsWith(folder + "/") && key.endsWith(".tar")) {
                files.addAll(TarContent.of(now.bytes(key)));
            }
        }
        files.sort(null);
        return files;
    }

    /** Returns, for each row, the content of the shard entries that it names. */
    List<String> packedByRow(String rows, String folder) throws IOException {
        List<String> files = new ArrayList<>();
        Snapshot now = store.snapshot();
        for (Row row : spark.read()
                .parquet(uri(rows))
                .where("shard is not null")
                .selectExpr("key", "element_at(split(shard, '/'), -1)")
                .collectAsList()) {
            String shard = folder + "/" + row.getString(1);
            List<String> all = now.keys().contains(shard) ? TarContent.of(now.bytes(shard)) : List.of();
            String photo = row.getString(0);
            files.add(photo + ": "
                    + all.stream().filter(file -> file.startsWith(photo + ".")).toList());
        }
        files.sort(null);
        return files;
    }
}
