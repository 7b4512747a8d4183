package io.planisphere.spark.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Committed;
import io.planisphere.spark.file.ExclusiveFile;
import io.planisphere.spark.file.RunFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The commit log of an output: {@code <version>.json}, numbered from 1 without gaps. A record is created if absent, by one atomic
 * operation of the file system ({@link ExclusiveFile}), and never changes. Each run begins with a record that has a higher epoch
 * than all records before. An older run that was paused meanwhile finds that record at the version of its own next one, and can
 * no longer commit.
 */
public final class CommitLog {
    private static final Pattern NAME = Pattern.compile("(\\d{12})\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Threads that read records. Many stores take tens of milliseconds per read; a log may have thousands of records. */
    private static final int READERS = 16;

    private static final int LOOKS = 20;

    private final Path folder;
    private final FileSystem fs;
    private final String what;
    private final LogState state;
    private final long epoch;
    private final Set<Long> ownOperations = new HashSet<>();

    private CommitLog(Path folder, FileSystem fs, String what) throws IOException {
        this.folder = folder;
        this.fs = fs;
        this.what = what;
        state = read(folder, fs);
        epoch = begin();
    }

    /**
     * Opens the log for a new run. From then on no earlier run can add to it.
     *
     * @param what name of the output, for messages, such as "Output s3a://…"
     */
    public static CommitLog open(Path folder, FileSystem fs, String what) throws IOException {
        return new CommitLog(folder, fs, what);
    }

    /** Returns the current state of the log; an empty state if there is no log. */
    public static LogState read(Path folder, FileSystem fs) throws IOException {
        List<Long> versions = new ArrayList<>();
        try {
            for (FileStatus file : fs.listStatus(folder)) {
                Matcher name = NAME.matcher(file.getPath().getName());
                if (name.matches()) {
                    versions.add(Long.parseLong(name.group(1)));
                }
            }
        } catch (FileNotFoundException e) {
            return new LogState();
        }
        versions.sort(null);
        LogState state = new LogState();
        for (LogRecord record : records(folder, fs, versions)) {
            state.add(record);
        }
        if (!versions.isEmpty() && versions.get(versions.size() - 1) != state.version()) {
            throw new IOException("The commit log " + folder + " has records up to " + versions.get(versions.size() - 1)
                    + ", but only " + state.version() + " of them are there");
        }
        return state;
    }

    private static List<LogRecord> records(Path folder, FileSystem fs, List<Long> versions) throws IOException {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<LogRecord>> reading = new ArrayList<>();
            for (long version : versions) {
                reading.add(readers.submit(() -> record(folder, fs, version)));
            }
            List<LogRecord> records = new ArrayList<>();
            for (Future<LogRecord> record : reading) {
                records.add(record.get());
            }
            return records;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while reading " + folder, e);
        } finally {
            readers.shutdownNow();
        }
    }

    private static LogRecord record(Path folder, FileSystem fs, long version) throws IOException {
        Path file = file(folder, version);
        for (int look = 1; ; look++) {
            try (InputStream in = fs.open(file)) {
                return JSON.readValue(in, LogRecord.class);
            } catch (JsonProcessingException e) {
                if (look == LOOKS) { // on stores that write in place, the record may be complete a moment later
                    throw new IOException(
                            "The record " + file + " of the commit log cannot be read: " + e.getOriginalMessage(), e);
                }
            }
        }
    }

    /** Returns the state after all records, including those of this run. It changes with every record that is added. */
    public LogState state() {
        return state;
    }

    /** Returns the epoch of this run; it is part of the names of plan files. */
    public long epoch() {
        return epoch;
    }

    /** Records a plan. */
    public void plan(JsonNode plan) throws IOException {
        append(new LogRecord(newId(), epoch, plan, null, null, null));
    }

    /** Records that an operation begins, and returns its number, which is unique within the output. */
    public synchronized long begin(Begun begun) throws IOException {
        append(new LogRecord(newId(), epoch, null, begun, null, null));
        ownOperations.add(state.version());
        return state.version();
    }

    /** Returns whether this run has begun an operation. */
    public synchronized boolean isOwn(long operation) {
        return ownOperations.contains(operation);
    }

    /** Reads the log again and returns its state, including records of a run that has taken over the output. */
    public LogState now() throws IOException {
        return read(folder, fs);
    }

    /** Records the upcoming commit of an operation to a table, and returns the number of that commit. */
    public synchronized long prepare(Committed prepared) throws IOException {
        append(new LogRecord(newId(), epoch, null, null, prepared, null));
        return state.version();
    }

    /** Commits an operation: from then on its batches have these rows, atomically for all batches. */
    public void commit(Committed committed) throws IOException {
        append(new LogRecord(newId(), epoch, null, null, null, committed));
    }

    private long begin() throws IOException {
        while (true) {
            LogRecord record = new LogRecord(newId(), state.epoch() + 1, null, null, null, null);
            LogRecord winner = put(record);
            state.add(winner);
            if (winner.id().equals(record.id())) {
                return record.epoch();
            }
        }
    }

    /** Returns whether no other run has begun since this one. */
    public synchronized boolean isCurrent() throws IOException {
        return !fs.exists(file(folder, state.version() + 1));
    }

    /**
     * Fails if another run has begun.
     *
     * @throws RunFailure if another run has begun
     */
    public void requireCurrent() throws IOException {
        if (!isCurrent()) {
            throw takenOver();
        }
    }

    private synchronized void append(LogRecord record) throws IOException {
        LogRecord winner = put(record);
        if (!winner.id().equals(record.id())) {
            throw takenOver();
        }
        state.add(record);
    }

    private RunFailure takenOver() {
        return new RunFailure(what + " was taken over by another run, since this one showed"
                + " no life for a minute; let that one end, it does all of the work");
    }

    /** Returns the record at the next version: this one, or another that was written first. */
    private LogRecord put(LogRecord record) throws IOException {
        long version = state.version() + 1;
        @Nullable IOException failure = null;
        boolean created = false;
        try {
            created = ExclusiveFile.create(file(folder, version), fs, JSON.writeValueAsBytes(record));
        } catch (IOException e) {
            failure = e; // the store may have written it nevertheless
        }
        if (created) {
            return record;
        }
        try {
            return record(folder, fs, version);
        } catch (IOException e) {
            if (failure != null) {
                failure.addSuppressed(e);
                throw failure;
            }
            throw e;
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static Path file(Path folder, long version) {
        return new Path(folder, String.format(Locale.ROOT, "%012d.json", version));
    }
}
