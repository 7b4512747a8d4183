package io.planisphere.spark;

import io.planisphere.source.InputException;
import io.planisphere.spark.file.JsonFile;
import io.planisphere.spark.file.Lease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Where a job writes: {@code batch=N/} with the rows as plain Parquet, and {@code _run/} with what the job must remember.
 * Names that start with an underscore are invisible to Spark's readers, so the whole directory reads as one table.
 */
public final class RunDirectory {
    private static final String BATCH = "batch=";

    private final Path output;
    private final FileSystem fs;

    public RunDirectory(String output, Configuration hadoop) throws IOException {
        Path path = new Path(output);
        this.fs = path.getFileSystem(hadoop);
        this.output = fs.makeQualified(path);
    }

    public FileSystem fileSystem() {
        return fs;
    }

    public Path output() {
        return output;
    }

    /** Everything that is not rows. */
    public Path run() {
        return new Path(output, "_run");
    }

    public Path checkpoint() {
        return new Path(run(), "checkpoint");
    }

    /**
     * The right to write here, for one start of a job at a time.
     *
     * @param waiting is told why taking it takes long, if it does
     * @throws InputException if another start holds it
     */
    Lease lease(Consumer<String> waiting) throws IOException {
        return Lease.take(new Path(run(), "lease"), fs, "Output " + output, waiting);
    }

    public Path record() {
        return new Path(run(), "run.json");
    }

    /** The account of one batch, written after its rows. */
    public Path account(long batch) {
        return new Path(run(), "batches/" + batch + ".json");
    }

    /**
     * Notes that a batch begins.
     *
     * @return whether it was begun before and did not end
     */
    boolean begin(long batch) throws IOException {
        Path note = begun(batch);
        return fs.exists(note) || !fs.createNewFile(note);
    }

    /** Forgets that a batch was begun. */
    void end(long batch) throws IOException {
        fs.delete(begun(batch), false);
    }

    private Path begun(long batch) {
        return new Path(run(), "batches/" + batch + ".begun");
    }

    public Path batch(long number) {
        return new Path(output, BATCH + number);
    }

    /** Whether any batch has been written. */
    public boolean hasRows() throws IOException {
        FileStatus[] batches = fs.globStatus(new Path(output, BATCH + "*"));
        return batches != null && batches.length > 0;
    }

    /** Whether the directory holds something that no job of ours has written. */
    public boolean isForeign() throws IOException {
        if (!fs.exists(output) || fs.exists(record())) {
            return false;
        }
        // a start that died before its first record leaves _run alone
        RemoteIterator<FileStatus> entries = fs.listStatusIterator(output);
        while (entries.hasNext()) {
            if (!entries.next().getPath().getName().equals(run().getName())) {
                return true;
            }
        }
        return false;
    }

    /** The accounts of all batches so far, in no particular order. */
    public List<BatchAccount> accounts() throws IOException {
        Path folder = new Path(run(), "batches");
        List<BatchAccount> accounts = new ArrayList<>();
        if (fs.exists(folder)) {
            for (FileStatus file : fs.listStatus(folder, path -> path.getName().endsWith(".json"))) {
                read(file.getPath(), BatchAccount.class).ifPresent(accounts::add);
            }
        }
        return accounts;
    }

    /** The value stored there as JSON; empty if there is no such file. */
    public <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return new JsonFile(file, fs).read(type);
    }

    /** Stores a value as JSON. */
    public void write(Path file, Object value) throws IOException {
        new JsonFile(file, fs).write(value);
    }
}
