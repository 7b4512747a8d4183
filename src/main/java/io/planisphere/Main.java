package io.planisphere;

import io.planisphere.jobs.Benchmark;
import io.planisphere.jobs.CellMap;
import io.planisphere.jobs.Cells;
import io.planisphere.jobs.Classify;
import io.planisphere.jobs.Detect;
import io.planisphere.jobs.Embed;
import io.planisphere.jobs.Evaluate;
import io.planisphere.jobs.Faces;
import io.planisphere.jobs.Failure;
import io.planisphere.jobs.Locate;
import io.planisphere.jobs.Model;
import io.planisphere.jobs.Pack;
import io.planisphere.jobs.Quantize;
import io.planisphere.jobs.QuickStart;
import io.planisphere.jobs.Report;
import io.planisphere.jobs.Train;
import io.planisphere.jobs.UserError;
import io.planisphere.model.ModelPackageException;
import io.planisphere.source.InputException;
import io.planisphere.spark.run.Sparks;
import io.planisphere.spark.run.UndeliveredPhotos;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * The main class for spark-submit: the first argument is the job's name, the rest are its options.
 *
 * <p>Exit codes: 0 done; 1 wrong arguments or configuration, with one message and no stack trace; 2 finished, but with more
 * errors than {@code --max-error-rate} allows, or stopped because too many photos could not be fetched; 3 failed.
 */
@Command(
        name = "planisphere",
        description = "MobileNet inference over photo collections on Apache Spark.",
        subcommands = {
            Locate.class,
            Faces.class,
            Classify.class,
            Detect.class,
            Embed.class,
            Train.class,
            Cells.class,
            Evaluate.class,
            CellMap.class,
            Report.class,
            Pack.class,
            Quantize.class,
            Model.class,
            Benchmark.class,
            QuickStart.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "JOB")
public final class Main {
    static final int WRONG_USE = 1;
    static final int TOO_MANY_ERRORS = 2;
    static final int FAILED = 3;

    private static final String PATHS =
            "Paths are literal where something has that name; other inputs are globs, in which a"
                    + " backslash makes the next character literal (docs/formats.md).";

    private Main() {}

    public static void main(String[] args) {
        Sparks.end(run(args));
    }

    /** Runs one command line and returns its exit code. */
    public static int run(String... args) {
        return run(commandLine(), args);
    }

    /** Runs one command line with the job's output redirected to {@code out} and {@code err}, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(commandLine().setOut(out).setErr(err), args);
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main())
                .setParameterExceptionHandler((wrong, at) -> wrongUse(wrong))
                .setExecutionExceptionHandler((failure, job, parsed) -> exitCode(failure, job))
                .setCaseInsensitiveEnumValuesAllowed(true);
        explainPaths(line);
        return line;
    }

    private static int run(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (Error e) { // Hadoop throws one for a full local disk
            return failed(e, line);
        }
    }

    private static void explainPaths(CommandLine line) {
        line.getCommandSpec().usageMessage().footer(PATHS);
        line.getSubcommands().values().forEach(Main::explainPaths);
    }

    private static int wrongUse(ParameterException wrong) {
        CommandLine job = wrong.getCommandLine();
        job.getErr().println(wrong.getMessage());
        if (wrong instanceof MissingParameterException
                && !job.getUnmatchedArguments().isEmpty()) {
            // the missing option may be among the arguments, but misspelt
            job.getErr().println("Unknown: " + String.join(" ", job.getUnmatchedArguments()));
        }
        job.getErr().println("The option --help lists all others.");
        return WRONG_USE;
    }

    private static int exitCode(Exception failure, CommandLine job) {
        if (failure instanceof UndeliveredPhotos) {
            job.getErr().println(job.getColorScheme().errorText(String.valueOf(failure.getMessage())));
            return TOO_MANY_ERRORS;
        }
        if (isMendable(failure)) {
            job.getErr().println(job.getColorScheme().errorText(String.valueOf(failure.getMessage())));
            return WRONG_USE;
        }
        return failed(failure, job);
    }

    private static int failed(Throwable failure, CommandLine job) {
        if (ShutdownHookManager.get().isShutdownInProgress()) { // Spark stops in a shutdown hook, so running jobs fail
            job.getErr().println(job.getCommandName() + " was ended from outside; the same command starts it again");
            return FAILED;
        }
        Optional<String> explained = Failure.explained(failure);
        if (explained.isPresent()) {
            job.getErr().println(job.getColorScheme().errorText(explained.get()));
            return FAILED;
        }
        LoggerFactory.getLogger(Main.class).error("{} failed", job.getCommandName(), failure);
        return FAILED;
    }

    /** Returns whether the user can fix the failure: its message then says how, and a stack trace would only hide that. */
    private static boolean isMendable(Exception failure) {
        return failure instanceof UserError
                || failure instanceof ModelPackageException
                || failure instanceof InputException;
    }

    /** The output of {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"planisphere " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
