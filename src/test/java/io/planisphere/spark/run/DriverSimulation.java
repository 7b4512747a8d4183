package io.planisphere.spark.run;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import com.sun.management.OperatingSystemMXBean;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInputs;
import io.planisphere.source.ShardTally;
import io.planisphere.spark.commit.BatchAccount;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.FolderOutput;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.commit.WrittenFile;
import io.planisphere.spark.file.ForklessFiles;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.task.PlannedShards;
import io.planisphere.spark.task.ShardRows;
import io.planisphere.spark.task.ShardRows.Shard;
import io.planisphere.spark.task.TaskResult;
import io.planisphere.spark.task.TaskSlots;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;

/**
 * Simulates only the driver's side of a large run: plan, loop and commits are real, and tasks only sleep as long as photos
 * would take. {@code src/test/driver-simulation.sh} runs it.
 */
public final class DriverSimulation {
    /** Mean size of a shard of a thousand photos; its core seconds are proportional to its bytes. */
    private static final long MEAN_BYTES = 100_000_000;

    /** Spread of shard sizes: the standard deviation of the logarithm. */
    private static final double SIZES = 0.5;

    /** Spread of the time for shards of one size: the standard deviation of the logarithm. */
    private static final double SPEEDS = 0.2;

    private static final int PHOTOS_PER_SHARD = 1000;
    private static final int MEGABYTE = 1 << 20;

    private final Path folder;
    private final SparkSession spark;

    private DriverSimulation(Path folder, SparkSession spark) {
        this.folder = folder;
        this.spark = spark;
    }

    /**
     * Runs one part of the simulation.
     *
     * @param arguments {@code shards FOLDER SHARDS}, {@code label FOLDER SLOTS MEAN_SECONDS}, {@code again FOLDER SLOTS}, or
     *     {@code empty FOLDER SLOTS}
     */
    public static void main(String... arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        int number = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("shards")) {
            writeShards(folder, number);
            return;
        }
        try (SparkSession spark = SparkSession.builder()
                .master("local[" + number + "]")
                .appName("driver simulation")
                .config("spark.ui.enabled", false)
                .config("spark.ui.showConsoleProgress", false)
                .getOrCreate()) {
            ForklessFiles.useIn(spark.sparkContext().hadoopConfiguration());
            DriverSimulation simulation = new DriverSimulation(folder, spark);
            switch (arguments[0]) {
                case "label" -> simulation.label(number, Double.parseDouble(arguments[3]));
                case "again" -> simulation.again();
                case "empty" -> say("%d rows", spark.range(0, 10, 1, 1).count());
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Writes files with the length of shards but without content: a file system allocates no blocks for them. */
    private static void writeShards(Path folder, int shards) throws IOException {
        long start = System.nanoTime();
        Path inputs = Files.createDirectories(folder.resolve("shards"));
        for (int i = 0; i < shards; i++) {
            try (RandomAccessFile shard = new RandomAccessFile(
                    inputs.resolve(String.format(Locale.ROOT, "%06d.tar", i)).toFile(), "rw")) {
                shard.setLength((long) (MEAN_BYTES * factor(i, SIZES)));
            }
        }
        say("%d shards without content: %.1f s", shards, since(start));
    }

    private void label(int slots, double meanSeconds) throws IOException {
        LongAccumulator peak = heapAfterCollections();
        long start = System.nanoTime();
        CommitLog log = log();
        Plan plan = plan(log);
        say("planned %d shards: %.1f s", plan.units(), since(start));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Slept> all = Collections.synchronizedList(new ArrayList<>());
        LabelLoop.Labeller sleeping = (work, target, isIsolated) -> {
            long batch = work.batches().get(0);
            List<Shard> shards = PlannedShards.ofBatch(batch, plan.shards(work.from(), work.to())).stream()
                    .sorted(Comparator.comparing(Shard::bytes).reversed()) // in the order of PlannedWork
                    .toList();
            List<Slept> slept = context.parallelize(shards, shards.size())
                    .mapPartitions(new Sleep(target, meanSeconds))
                    .collect();
            all.addAll(slept);
            return committed(work, shards, slept.stream().map(Slept::result).toList());
        };
        long processor = processorNanos();
        long begin = System.nanoTime();
        loop(log, plan, sleeping);
        long end = System.nanoTime();
        double whole = (double) slots * (end - begin);
        double busy = all.stream().mapToLong(task -> task.end() - task.start()).sum() / whole;
        LongStream firstWaits =
                all.stream().mapToLong(task -> task.start() - begin).sorted().limit(slots);
        LongStream lastWaits =
                all.stream().mapToLong(task -> end - task.end()).sorted().limit(slots);
        double before = firstWaits.sum() / whole;
        double after = lastWaits.sum() / whole;
        say("labelled: %.1f s", (end - begin) / 1e9);
        say(
                "slots busy: %.2f %%; before their first tasks %.2f %%, between tasks %.2f %%, after their last ones %.2f %%",
                100 * busy, 100 * before, 100 * (1 - busy - before - after), 100 * after);
        say(
                "processor time of the driver and its threads: %.2f ms per task",
                (processorNanos() - processor) / 1e6 / plan.units());
        System.gc();
        say("heap after its fullest collection: %d MB", peak.get() / MEGABYTE);
        try (Stream<Path> records = Files.list(folder.resolve("rows/_run/log"))) {
            List<Path> files = records.toList();
            long bytes = 0;
            for (Path record : files) {
                bytes += Files.size(record);
            }
            say("commit log: %d records, %.1f MB", files.size(), bytes / (double) MEGABYTE);
        }
        writeRows(log);
    }

    /** Does the work of a run that finds nothing new: as {@link InferenceRun}, without the model. */
    private void again() throws IOException {
        long start = System.nanoTime();
        CommitLog log = log();
        FolderOutput output = output(log);
        say("log read: %.1f s", since(start));
        start = System.nanoTime();
        output.removeGarbage();
        say("files looked for that no commit names: %.1f s", since(start));
        start = System.nanoTime();
        Plan plan = plan(log);
        say("inputs listed and compared with the plan: %.1f s", since(start));
        start = System.nanoTime();
        loop(log, plan, (work, target, isIsolated) -> {
            throw new IllegalStateException("There is nothing to label");
        });
        new Accounts(output.name(), log.state(), plan).proveNothingLeft(InputKind.SHARDS);
        say("loop and accounts: %.1f s", since(start));
    }

    private CommitLog log() throws IOException {
        RunDirectory directory = directory();
        return CommitLog.open(directory.log(), directory.fileSystem(), "Output " + directory.name());
    }

    private RunDirectory directory() throws IOException {
        return new RunDirectory(
                folder.resolve("rows").toString(), spark.sparkContext().hadoopConfiguration());
    }

    private FolderOutput output(CommitLog log) throws IOException {
        RunDirectory directory = directory();
        return new FolderOutput(spark, log, JobRows.PHOTO_COLUMNS, directory.folder(), directory.fileSystem());
    }

    private Plan plan(CommitLog log) throws IOException {
        Plan plan = Plan.of(spark, directory().run(), log.state());
        plan.extend(
                new PhotoInputs(
                                spark.sparkContext().hadoopConfiguration(),
                                InputFormat.ofCode("webdataset"),
                                Optional.empty(),
                                Optional.empty())
                        .of(List.of(folder + "/shards/*.tar")),
                Plan.Metadata.LEFT,
                log,
                message -> {});
        return plan;
    }

    private void loop(CommitLog log, Plan plan, LabelLoop.Labeller labeller) throws IOException {
        new LabelLoop(spark.sparkContext(), output(log), labeller, new Deliveries(1), batch -> say("batch %d", batch))
                .run(plan.units(), () -> TaskSlots.shardsPerBatch(TaskSlots.awaited(spark.sparkContext())));
    }

    private static CommittedBatch committed(Begun work, List<Shard> shards, List<TaskResult> results) {
        List<WrittenFile> files =
                results.stream().flatMap(result -> result.files().stream()).toList();
        return new CommittedBatch(
                new BatchAccount(
                        work.batches().get(0),
                        shards.size(),
                        files.stream().mapToLong(WrittenFile::rows).sum(),
                        shards.stream().mapToLong(Shard::bytes).sum(),
                        0,
                        0,
                        FolderOutput.statusOf(files)),
                files.stream().map(WrittenFile::name).toList(),
                List.of());
    }

    /** Writes empty files for those that the log names, so that the next run finds them. Called after the loop. */
    private void writeRows(CommitLog log) throws IOException {
        for (CommittedBatch batch : log.state().batches()) {
            Path files = Files.createDirectories(
                    folder.resolve("rows/batch=" + batch.account().batch()));
            for (String file : batch.files()) {
                Files.createFile(files.resolve(file));
            }
        }
    }

    /** The result of a task for the driver, and the times between which its slot was taken, by the clock of this process. */
    private record Slept(TaskResult result, long start, long end) implements Serializable {}

    /** The task of {@link ShardRows}, without the photos. */
    private record Sleep(RowFiles target, double meanSeconds) implements FlatMapFunction<Iterator<Shard>, Slept> {
        @Override
        public Iterator<Slept> call(Iterator<Shard> shards) throws InterruptedException {
            long start = System.nanoTime();
            List<WrittenFile> files = new ArrayList<>();
            Map<String, ShardTally> tallies = new HashMap<>();
            while (shards.hasNext()) {
                Shard shard = shards.next();
                double seconds = meanSeconds
                        * shard.bytes()
                        / MEAN_BYTES
                        * factor(shard.uri().hashCode(), SPEEDS);
                TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
                tallies.put(shard.uri(), new ShardTally(PHOTOS_PER_SHARD, 0, 0, 0));
                files.add(new WrittenFile(
                        shard.batch(),
                        "part-" + RowFiles.name(target.operation(), TaskContext.get(), files.size())
                                + ".snappy.parquet",
                        Map.of("ok", (long) PHOTOS_PER_SHARD - 1, "truncated", 1L)));
            }
            TaskResult result = new TaskResult(files, tallies, List.of());
            return List.of(new Slept(result, start, System.nanoTime())).iterator();
        }
    }

    /** Returns a lognormal random number with a mean of 1. */
    private static double factor(long seed, double deviation) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        return Math.exp(deviation * random.nextGaussian() - deviation * deviation / 2);
    }

    /** Tracks the largest heap after a garbage collection. */
    private static LongAccumulator heapAfterCollections() {
        LongAccumulator peak = new LongAccumulator(Math::max, 0);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                if (notification
                                        .getType()
                                        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                                    GcInfo collection = GarbageCollectionNotificationInfo.from(
                                                    (CompositeData) notification.getUserData())
                                            .getGcInfo();
                                    peak.accumulate(collection.getMemoryUsageAfterGc().entrySet().stream()
                                            .filter(pool -> pool.getKey().startsWith("G1 "))
                                            .map(Map.Entry::getValue)
                                            .mapToLong(MemoryUsage::getUsed)
                                            .sum());
                                }
                            },
                            null,
                            null);
        }
        return peak;
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
