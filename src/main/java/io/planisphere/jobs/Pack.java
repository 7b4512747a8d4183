package io.planisphere.jobs;

import io.planisphere.image.Status;
import io.planisphere.source.GivenPath;
import io.planisphere.source.OptOut;
import io.planisphere.source.ShardFiles;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.pack.PackRows;
import io.planisphere.spark.pack.ShardVerification;
import io.planisphere.spark.run.InferenceRun.Outcome;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Packs photos into shards of even size, and checks shards.
 *
 * <p><b>Input:</b> photos, as for {@code locate}.
 *
 * <p><b>Output:</b> shards in the output folder, with the photos' bytes unchanged and their metadata from the input; and in
 * {@code _account/batch=N/*.parquet} one row per photo: {@code id, uri, status, detail, width, height, key, shard, bytes,
 * metadata}.
 *
 * <p><b>Example:</b> {@code jobs/pack.sh --input src/samples/earth --to webdataset --output target/packed}
 *
 * <p><b>Resume:</b> run the same command again. A batch without a commit is packed again into shards with new names, and the
 * shards that no commit names are deleted.
 */
@Command(
        name = "pack",
        description = "Pack photos into shards of even size, or verify shards.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Pack implements Callable<Integer> {
    private static final int UNSOUND = 2;
    private static final int MOST_LINES = 1000;
    private static final String ACCOUNT = "_account";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Mode mode = new Mode();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The mode: pack or verify. */
    static final class Mode {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable Packing packing;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable Verifying verifying;
    }

    /** Options for verifying shards. */
    static final class Verifying {
        @Option(
                names = "--verify",
                paramLabel = "SHARDS",
                arity = "1..*",
                required = true,
                description =
                        "Verify these folders or files: unsorted or duplicate keys, incomplete samples, truncated "
                                + "files.")
        private List<String> shards = List.of();

        @Option(
                names = "--verify-column",
                paramLabel = "NAME",
                description = "Column of Parquet files with the photos, if several columns have bytes.")
        private Optional<String> column = Optional.empty();
    }

    /** Options for packing photos. */
    static final class Packing extends PhotoOptions {
        @Option(
                names = "--to",
                paramLabel = "FORMAT",
                description = "Format of the shards: webdataset, imagesequence or parquet. Default: ${DEFAULT-VALUE}.",
                defaultValue = "webdataset")
        private ShardFormat to = ShardFormat.WEBDATASET;

        @Option(
                names = "--shard-size",
                paramLabel = "SIZE",
                description = "Approximate size of a shard, in bytes or such as 256M or 1G. Default: ${DEFAULT-VALUE}.",
                defaultValue = "256M")
        private String shardSize = "";
    }

    @Override
    public Integer call() throws IOException {
        return mode.verifying != null
                ? verify(mode.verifying)
                : pack(mode.packing == null ? new Packing() : mode.packing);
    }

    private int pack(Packing options) throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        Optional<Long> shardBytes = problems.attempt(() -> ByteSize.parse("--shard-size", options.shardSize));
        if (options.retry().contains(Status.OK)) {
            problems.add("--retry ok would pack photos twice; name other statuses");
        }
        if (OutputName.isTable(options.output().given())) {
            problems.add("--output of pack is a folder of shards; a table cannot hold them");
        }
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere pack");
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Path output = GivenPath.of("Output", options.output().given(), hadoop).path();
        refuseForeign(output, hadoop);
        OptOut optOut = options.optOut(hadoop);
        PackRows rows = new PackRows(
                options.to,
                output.getFileSystem(hadoop).makeQualified(output).toString(),
                shardBytes.orElseThrow(),
                optOut.isEmpty() ? "" : optOut.sha256Hex());
        InferenceJob job = new InferenceJob(
                "pack",
                "packed",
                OutputName.folder(new Path(output, ACCOUNT).toString()),
                options.output().given(),
                options,
                spec);
        Outcome outcome = job.run(spark, rows);
        reportShards(output, options.to, hadoop);
        return job.exitCode(outcome);
    }

    private void refuseForeign(Path output, Configuration hadoop) throws IOException {
        FileSystem fs = output.getFileSystem(hadoop);
        if (fs.exists(output)
                && !fs.exists(new Path(output, ACCOUNT))
                && fs.listStatusIterator(output).hasNext()) {
            throw new UserError("Output " + output + " holds files that are not of a run of pack; give a new or empty "
                    + "directory as --output");
        }
    }

    private void reportShards(Path output, ShardFormat format, Configuration hadoop) throws IOException {
        long[] bytes = Arrays.stream(output.getFileSystem(hadoop).listStatus(output))
                .filter(file -> file.isFile() && format.names(file.getPath().getName()))
                .mapToLong(FileStatus::getLen)
                .toArray();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d shards, %,d bytes, the smallest %,d, the largest %,d: %s%n",
                bytes.length,
                Arrays.stream(bytes).sum(),
                Arrays.stream(bytes).min().orElse(0),
                Arrays.stream(bytes).max().orElse(0),
                output);
        out.flush();
    }

    private int verify(Verifying options) throws IOException {
        SparkSession spark = Sparks.session("planisphere pack --verify");
        List<ShardSource> shards = ShardFiles.of(
                new ArrayList<>(options.shards),
                options.column,
                spark.sparkContext().hadoopConfiguration());
        ShardVerification.Outcome outcome = ShardVerification.of(spark, shards, MOST_LINES);
        PrintWriter out = spec.commandLine().getOut();
        outcome.problems().forEach(out::println);
        if (outcome.problemCount() > MOST_LINES) {
            out.printf(Locale.ROOT, "and %,d more problems%n", outcome.problemCount() - MOST_LINES);
        }
        out.printf(
                Locale.ROOT,
                "%,d shards, %,d photos: %s%n",
                outcome.shards(),
                outcome.photos(),
                outcome.problemCount() == 0
                        ? "sound"
                        : String.format(Locale.ROOT, "%,d problems", outcome.problemCount()));
        out.flush();
        return outcome.problemCount() == 0 ? 0 : UNSOUND;
    }
}
