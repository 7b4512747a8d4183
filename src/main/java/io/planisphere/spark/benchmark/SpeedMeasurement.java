package io.planisphere.spark.benchmark;

import io.planisphere.image.ImageLimits;
import io.planisphere.report.SpeedReport;
import io.planisphere.report.SpeedReport.Pair;
import io.planisphere.source.Access;
import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.source.OptOut;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInput.Folder;
import io.planisphere.source.PhotoInput.Shards;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.rows.RowMaker;
import io.planisphere.spark.run.InferenceRun;
import io.planisphere.spark.run.InferenceRun.Outcome;
import io.planisphere.spark.task.Device;
import io.planisphere.spark.task.TaskSlots;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Measures a job against the plain-threads baseline: each repetition runs the stages, the plain threads, and the job from shards
 * to Parquet including its final verification, in turns in one process. A first repetition warms up and is not counted. The
 * start-up cost is the duration of the job with one photo. If turns are cold, each runs in a new process instead.
 */
public final class SpeedMeasurement {
    private static final long FIRST_TURN = 500;

    /** The two kinds of turns. */
    public enum Kind {
        THREADS,
        JOB
    }

    private final SparkSession spark;
    private final RowMaker rows;
    private final Settings settings;
    private final PrintWriter progress;
    private final Configuration hadoop;

    /**
     * The settings from the command line.
     *
     * @param cores threads of the baseline
     * @param memory bytes of photos to hold in memory for the baseline
     * @param seconds target duration of a turn, if its photos can be repeated
     * @param work folder for shards and rows that all executors can access
     * @param cold arguments of {@code io.planisphere.Main} that run one turn of the same measurement in a new process, before
     *     {@code --turn}; empty runs all turns in this process
     */
    public record Settings(
            int cores,
            int batchSize,
            int repetitions,
            ImageLimits limits,
            long memory,
            double seconds,
            Path work,
            List<String> cold) {
        public Settings {
            cold = List.copyOf(cold);
        }
    }

    /** Shards, and photos from them. */
    private record Photos(HeldPhotos held, Shards input, List<ShardSource> shards) {}

    public SpeedMeasurement(SparkSession spark, RowMaker rows, Settings settings, PrintWriter progress) {
        this.spark = spark;
        this.rows = rows;
        this.settings = settings;
        this.progress = progress;
        hadoop = spark.sparkContext().hadoopConfiguration();
    }

    /**
     * Runs the measurement.
     *
     * @throws InputException if the input is neither a folder of photos nor shards
     */
    public SpeedReport run(PhotoInput input) throws IOException, InterruptedException {
        Photos photos = photos(input);
        PlainThreads threads = threads(photos.held);
        StageClock clock = new StageClock(
                photos.shards, rows.model(), rows.inferenceSpec(), settings.limits(), settings.batchSize());
        clock.measure(photos.held, hadoop);
        Turn warm = job(photos.input);
        long count = warm.photos();
        Turn.of(() -> threads.run(Math.min(count, FIRST_TURN)));
        List<Map<String, Double>> stages = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        Shards single = written(photos.held, "start", 1, 1);
        job(single);
        long peak = 0;
        for (int i = 0; i < settings.repetitions(); i++) {
            stages.add(clock.measure(photos.held, hadoop));
            boolean jobFirst = i % 2 == 1; // so that a change in the machine's speed favours neither
            Turn before = jobFirst ? jobTurn(photos.input) : threadsTurn(threads, photos.input, count);
            ProcessMemory.forget();
            Turn after = jobFirst ? threadsTurn(threads, photos.input, count) : jobTurn(photos.input);
            OptionalLong now = ProcessMemory.peak();
            peak = Math.max(peak, now.orElse(0));
            Turn start = jobTurn(single);
            pairs.add(jobFirst ? pair(after, before, start) : pair(before, after, start));
            progress.println(SpeedReport.line(pairs.get(pairs.size() - 1)));
        }
        return new SpeedReport(
                conditions(photos, input.given(), warm.photos()),
                SpeedReport.byStage(stages),
                List.copyOf(pairs),
                settings.cold().isEmpty() ? peak : 0);
    }

    private Turn threadsTurn(PlainThreads threads, Shards input, long count) throws IOException, InterruptedException {
        return settings.cold().isEmpty() ? Turn.of(() -> threads.run(count)) : cold(Kind.THREADS, input, count);
    }

    private Turn jobTurn(Shards input) throws IOException, InterruptedException {
        return settings.cold().isEmpty() ? job(input) : cold(Kind.JOB, input, 0);
    }

    private Turn cold(Kind kind, Shards input, long count) throws IOException, InterruptedException {
        return new ColdTurns(settings.cold(), spark.sparkContext().master())
                .run(List.of("--turn", kind.name(), "--turn-photos", Long.toString(count), "--images", input.glob()));
    }

    /**
     * Runs one cold turn, in a process made for it. The job's time begins with the process, that of the plain threads with the
     * opening of the network: they need no Spark, and their photos are in memory.
     *
     * @param count number of photos that the threads process
     * @return the line that {@link ColdTurns} reads
     */
    public String coldTurn(Kind kind, PhotoInput input, long count) throws IOException, InterruptedException {
        if (kind == Kind.JOB) {
            return ColdTurns.line(new Turn(job((Shards) input).photos(), ColdTurns.age(), Turn.coreSecondsSoFar()));
        }
        PlainThreads threads = threads(HeldPhotos.of(input, settings.memory(), hadoop));
        return ColdTurns.line(Turn.of(() -> threads.run(count)));
    }

    private SpeedReport.Conditions conditions(Photos photos, String given, long perTurn) {
        return new SpeedReport.Conditions(
                rows.model().name(),
                rows.model().digest(),
                given,
                photos.held.photos().size(),
                photos.held.bytes(),
                perTurn,
                settings.cores(),
                spark.sparkContext().master(),
                settings.batchSize(),
                Machine.description(),
                spark.version(),
                !settings.cold().isEmpty());
    }

    private static Pair pair(Turn bound, Turn job, Turn start) {
        return new Pair(job.photos(), bound.rate(), job.rate(), bound.coreMillis(), job.coreMillis(), start.seconds());
    }

    private PlainThreads threads(HeldPhotos held) {
        return new PlainThreads(held, rows, settings.limits(), settings.batchSize(), settings.cores());
    }

    private Photos photos(PhotoInput input) throws IOException, InterruptedException {
        if (input instanceof Shards given) {
            return new Photos(HeldPhotos.of(given, settings.memory(), hadoop), given, given.found(hadoop));
        }
        if (input instanceof Folder folder) {
            HeldPhotos held = HeldPhotos.of(folder, settings.memory(), hadoop);
            PlainThreads threads = threads(held);
            threads.run(FIRST_TURN);
            double rate = Turn.of(() -> threads.run(FIRST_TURN)).rate();
            int shards = TaskSlots.shardsPerBatch(settings.cores());
            Shards written = written(held, "shards", shards, (long) Math.ceil(rate * settings.seconds() / shards));
            return new Photos(held, written, written.found(hadoop));
        }
        throw new InputException("--images " + input.given()
                + " is neither a folder of photos nor shards; make shards of it with jobs/pack.sh");
    }

    private Shards written(HeldPhotos held, String name, int shards, long perShard) throws IOException {
        Path tars = new Path(settings.work(), name);
        held.write(tars, shards, perShard, hadoop);
        return new Shards(tars.toString(), Globs.literal(tars) + "/*.tar", ShardFormat.WEBDATASET, "");
    }

    private Turn job(Shards input) throws IOException, InterruptedException {
        Path output = new Path(settings.work(), "rows");
        InferenceRun.Settings run = new InferenceRun.Settings(
                "benchmark",
                settings.limits(),
                OptionalInt.of(TaskSlots.shardsPerBatch(settings.cores())),
                Device.CPU,
                settings.batchSize(),
                OptOut.NONE,
                Access.DEFAULT,
                1,
                List.of());
        try (PrintWriter silent = new PrintWriter(Writer.nullWriter())) {
            return Turn.of(() -> {
                try (InferenceRun opened = InferenceRun.open(
                        spark, OutputName.folder(output.toString()), rows, run, List.of(input), silent)) {
                    Outcome outcome = opened.label(List.of(input));
                    return outcome.photos();
                }
            });
        } finally {
            output.getFileSystem(hadoop).delete(output, true);
        }
    }
}
