package io.planisphere.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.planisphere.crash.ObjectStore.Failure;
import io.planisphere.crash.ObjectStore.Fault;
import io.planisphere.crash.ObjectStore.Snapshot;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the process of any job that changes an output can die at any of its mutating calls to an object store, and that
 * repeating the same command line gives the rows of an undisturbed run. Some phases are also tested with calls whose response
 * is lost while the process lives on.
 *
 * <p>A death right after a call is equivalent to a death before the next one, so each state that a death can leave is tested
 * once.
 */
@Tag("crash")
class CrashConsistencyTest {
    private static final SparkContext SPARK = LocalSpark.session().sparkContext();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int THREADS = 2;
    /** Log level of Spark. Each dead process logs its failures; {@code WARN} shows them. */
    private static final String LOG_LEVEL = System.getProperty("crash.log", "OFF");

    /** Maximum number of calls to test per phase. Fewer calls give a quick check of a change. */
    private static final int MOST_CALLS = Integer.getInteger("crash.calls", Integer.MAX_VALUE);

    /**
     * Phases that are also tested with lost responses: a batch that is written, and one that is replaced;
     * {@code -Dcrash.responses} tests all.
     */
    private static final Set<Phase> RESPONSES_LOST = EnumSet.of(Phase.LABEL_SHARDS, Phase.RETRY);

    private static final boolean ALL_RESPONSES = Boolean.getBoolean("crash.responses");

    private static final AtomicInteger POINTS = new AtomicInteger();

    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void quieten() {
        SPARK.setLogLevel(LOG_LEVEL);
    }

    @AfterAll
    static void stop() {
        System.out.printf(Locale.ROOT, "Crash points tried in all: %d%n", POINTS.get());
        SPARK.setLogLevel("WARN");
        ObjectStoreFileSystem.removeFrom(SPARK.hadoopConfiguration());
        Session.closeShared();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theSameCommandCompletesARunThatDiesAtAnyCall(Phase phase) throws Exception {
        long begin = System.nanoTime();
        long beginOfWork = PROCESS.getProcessCpuTime();
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        List<Points> tried = ALL_RESPONSES || RESPONSES_LOST.contains(phase)
                ? List.of(new Points(Failure.DEATH), new Points(Failure.LOST_RESPONSE))
                : List.of(new Points(Failure.DEATH));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String bucket = phase.title().replace(' ', '-') + "-" + i;
                work.add(() -> {
                    try {
                        new Trial(phase, new JobBucket(bucket), model).tryAll(tried);
                        return null;
                    } finally {
                        tried.forEach(
                                points -> points.isOver = true); // if this thread has failed, the others can stop too
                    }
                });
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
        int points = tried.stream().mapToInt(kind -> kind.tried.get()).sum();
        POINTS.addAndGet(points);
        System.out.printf(
                Locale.ROOT,
                "%s: %d crash points tried in %.1f s, %.1f s of processors, %d problems%n",
                phase.title(),
                points,
                (System.nanoTime() - begin) / 1e9,
                (PROCESS.getProcessCpuTime() - beginOfWork) / 1e9,
                problems.size());
        assertThat(problems).isEmpty();
    }

    /** The calls of a run, shared by the threads. */
    private static final class Points {
        private final Failure failure;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger tried = new AtomicInteger();
        private volatile boolean isOver;

        Points(Failure failure) {
            this.failure = failure;
        }
    }

    /** Tests one phase in one bucket. */
    private final class Trial {
        private final Phase phase;
        private final JobBucket bucket;
        private final List<String> line;
        private final Snapshot before;
        private final List<String> expected;

        Trial(Phase phase, JobBucket bucket, Path model) throws IOException {
            this.phase = phase;
            this.bucket = bucket;
            phase.prepare(bucket, model);
            line = phase.line(bucket, model);
            before = bucket.store().snapshot();
            long begin = System.nanoTime();
            assertThat(bucket.run(Fault.NONE, line)).as(bucket.messages()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "%s, undisturbed: %d mutating calls, %.2f s%n",
                    phase.title(),
                    bucket.calls().size(),
                    (System.nanoTime() - begin) / 1e9);
            addProblems("undisturbed", CommittedFiles.violations(bucket.calls()));
            expected = phase.rows(bucket);
            assertThat(bucket.batches(phase.output())).isGreaterThanOrEqualTo(Phase.BATCHES);
            assertThat(expected).doesNotHaveDuplicates();
        }

        void tryAll(List<Points> all) throws IOException {
            for (Points points : all) {
                while (!points.isOver) {
                    Fault fault = new Fault(points.failure, points.next.incrementAndGet());
                    if (fault.call() <= MOST_CALLS && tryOne(fault)) {
                        points.tried.incrementAndGet();
                    } else {
                        points.isOver = true;
                    }
                }
            }
        }

        /** Returns whether the run reached the call of the fault. */
        private boolean tryOne(Fault fault) throws IOException {
            bucket.store().restore(before);
            int exit = bucket.run(fault, line);
            String point = phase.title() + ", " + fault.failure() + " " + fault.call() + " at "
                    + bucket.store().failed().orElse("no call");
            if (bucket.store().failed().isEmpty()) {
                if (exit != 0) {
                    problems.add(point + ": ended with " + exit + ": " + bucket.messages());
                }
                return false;
            }
            List<String> broken = new ArrayList<>(CommittedFiles.violations(bucket.calls()));
            CommittedFiles.missing(bucket.store().snapshot())
                    .forEach(file -> broken.add("A committed file is missing: " + file));
            if (fault.failure() != Failure.LOST_RESPONSE || exit != 0) {
                bucket.buryHolders();
                exit = bucket.run(Fault.NONE, line);
                broken.addAll(CommittedFiles.violations(bucket.calls()));
            }
            if (exit == 0) {
                List<String> rows = phase.rows(bucket);
                if (!rows.equals(expected)) {
                    broken.add(difference(rows));
                }
            } else {
                broken.add("The same command again ends with " + exit + ": " + bucket.messages());
            }
            addProblems(point, broken);
            return true;
        }

        private String difference(List<String> rows) {
            List<String> lost = new ArrayList<>(expected);
            rows.forEach(lost::remove);
            List<String> surplus = new ArrayList<>(rows);
            expected.forEach(surplus::remove);
            return rows.size() + " rows in place of " + expected.size() + "; lost: " + lost + "; surplus: " + surplus;
        }

        private void addProblems(String point, List<String> broken) {
            broken.stream().distinct().forEach(problem -> problems.add(point + ": " + problem));
        }
    }
}
