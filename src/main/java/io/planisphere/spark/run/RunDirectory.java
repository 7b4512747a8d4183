package io.planisphere.spark.run;

import io.planisphere.source.GivenPath;
import io.planisphere.source.InputException;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.commit.LogState;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.file.JsonFile;
import io.planisphere.spark.file.Lease;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/**
 * The directory of an output: rows, and the state of its runs. In a folder output the rows are in {@code batch=N/} and the rest
 * is in {@code _run/}, which Spark's readers do not see, so that the whole folder reads as one table. For a table output, the
 * state is a separate folder.
 */
public final class RunDirectory {
    private final String name;
    private final Path folder;
    private final Path run;
    private final FileSystem fs;

    /** Opens the output in a folder. */
    public RunDirectory(String output, Configuration hadoop) throws IOException {
        this(OutputName.folder(output), hadoop);
    }

    /** Opens the output that a command line names. */
    public RunDirectory(OutputName output, Configuration hadoop) throws IOException {
        GivenPath given = output.state().isPresent()
                ? GivenPath.of("--state", output.state().get(), hadoop)
                : GivenPath.of("Output", output.given(), hadoop);
        given.exists(); // throws for a name that is invalid in the file system
        fs = given.fs();
        folder = fs.makeQualified(given.path());
        run = output.state().isPresent() ? folder : new Path(folder, "_run");
        name = output.table().isPresent() ? output.given() : folder.toString();
    }

    /**
     * Opens the output of a run for reading only.
     *
     * @throws InputException if it is a table without the property that locates the state of its run
     */
    public static RunDirectory read(SparkSession spark, String output) throws IOException {
        Optional<String> state = CommittedRows.stateOf(spark, output);
        return new RunDirectory(
                new OutputName(output, state), spark.sessionState().newHadoopConf());
    }

    public FileSystem fileSystem() {
        return fs;
    }

    /** Returns the output, for messages. */
    public String name() {
        return name;
    }

    /** Returns the folder of the rows, or the state of a table. */
    public Path folder() {
        return folder;
    }

    /** Returns the folder of everything but rows. */
    public Path run() {
        return run;
    }

    /** Returns the commit log. */
    public Path log() {
        return CommittedRows.log(run());
    }

    /**
     * Acquires the exclusive right to write here.
     *
     * @param waiting called with the reason if acquiring takes long
     * @throws InputException if another run holds it
     */
    Lease lease(Consumer<String> waiting) throws IOException {
        return Lease.take(new Path(run(), "lease.json"), fs, "Output " + name, waiting);
    }

    /**
     * Removes the folders that the lease created, if they are empty.
     *
     * @param keepsFolder whether the folder existed before
     */
    void removeEmpty(boolean keepsFolder) {
        try {
            for (Path made : keepsFolder ? List.of(run) : List.of(run, folder)) {
                if (!(keepsFolder && made.equals(folder)) && fs.listStatus(made).length == 0) {
                    fs.delete(made, false);
                }
            }
        } catch (IOException e) {
            return; // empty folders may stay
        }
    }

    public Path record() {
        return new Path(run(), "run.json");
    }

    /**
     * Returns the committed state of this output.
     *
     * @throws InputException if an earlier version of this program created the output
     */
    public LogState state() throws IOException {
        LogState state = CommitLog.read(log(), fs);
        if (state.version() == 0
                && (fs.exists(new Path(run(), "batches")) || fs.exists(new Path(run(), "checkpoint")))) {
            throw new InputException("Output " + name + " was begun by an earlier version of Planisphere, which kept"
                    + " its state in another form; its rows can be read as they are. Give another --output");
        }
        return state;
    }

    /** Returns whether the folder contains files that no job of this program has written. */
    public boolean isForeign() throws IOException {
        if (!fs.exists(folder) || new JsonFile(record(), fs).exists()) {
            return false;
        }
        // a run that died before its first record leaves only these
        Set<String> ours =
                run.equals(folder) ? Set.of("lease.json", log().getName(), "plan", "staged") : Set.of(run.getName());
        RemoteIterator<FileStatus> entries = fs.listStatusIterator(folder);
        while (entries.hasNext()) {
            if (!ours.contains(entries.next().getPath().getName())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the value stored in the file as JSON; empty if there is no such file. */
    public <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return new JsonFile(file, fs).read(type);
    }

    /** Stores a value as JSON. */
    public void write(Path file, Object value) throws IOException {
        new JsonFile(file, fs).write(value);
    }
}
