package io.planisphere.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An output on any file system, and its progress, as seen in its files. */
record StoredOutput(FileSystem fs, Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_PROCESS = 1 << 30;
    private static final String LEASE = "_run/lease.json";

    /**
     * Returns every file below a folder of the output, or below the output itself, with its length and time, so the result
     * changes with each change.
     */
    List<String> files(String folder) throws IOException {
        List<String> found = new ArrayList<>();
        try {
            var files = fs.listFiles(folder.isEmpty() ? path : new Path(path, folder), true);
            while (files.hasNext()) {
                FileStatus file = files.next();
                found.add(file.getPath() + " " + file.getLen() + " " + file.getModificationTime());
            }
        } catch (FileNotFoundException e) {
            return found; // deleted, or not created yet
        }
        return found;
    }

    /** Returns the number of records of the commit log. */
    long records() throws IOException {
        return log().size();
    }

    /** Returns whether a record says that this happened to a batch: {@code begun} or {@code committed}. */
    boolean says(String what, long batch) throws IOException {
        for (JsonNode entry : log()) {
            for (JsonNode named : entry.path(what).path("batches")) {
                long number = named.isNumber()
                        ? named.asLong()
                        : named.path("account").path("batch").asLong();
                if (number == batch) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<JsonNode> log() throws IOException {
        List<JsonNode> records = new ArrayList<>();
        try {
            for (FileStatus file : fs.listStatus(new Path(path, "_run/log"))) {
                if (Character.isDigit(file.getPath().getName().charAt(0))) {
                    records.add(json(file.getPath()));
                }
            }
        } catch (IOException e) {
            return records; // not created yet, or not complete yet
        }
        return records;
    }

    private JsonNode json(Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return JSON.readTree(in);
        }
    }

    /** Returns the number of Parquet files in the folder of a batch. */
    long dataFiles(long batch) throws IOException {
        return files("batch=" + batch).stream()
                .filter(file -> file.contains(".parquet "))
                .count();
    }

    /** Marks the holder of the lease as dead, so that the next run does not have to wait for a minute. */
    void buryHolder() throws IOException {
        Path file = new Path(path, LEASE);
        JsonNode holder = json(file);
        try (OutputStream out = fs.create(file, true)) {
            out.write(JSON.writeValueAsBytes(((ObjectNode) holder).put("pid", NO_PROCESS)));
        }
    }

    /** Copies the output to the local disk, for readers without access to the file system. */
    java.nio.file.Path copied(java.nio.file.Path to) throws IOException {
        FileUtils.deleteQuietly(to.toFile());
        fs.copyToLocalFile(false, path, new Path(to.toUri().toString()), true);
        return to;
    }

    /** Returns every row, as any reader finds it. */
    List<String> rows(java.nio.file.Path copy) throws IOException {
        return Rows.of(copied(copy).toString());
    }
}
