package io.planisphere.spark.commit;

import io.planisphere.source.Globs;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The files in the folders of batches, compared with the commit log.
 *
 * @param committed files that the log names
 * @param garbage files that it does not name: being written, left by an interrupted run, or replaced
 */
record FolderFiles(Path folder, List<Path> committed, List<Path> garbage) {

    /**
     * Lists the files.
     *
     * @throws IOException if a file that the log names is missing
     */
    static FolderFiles list(Path folder, FileSystem fs, LogState state) throws IOException {
        Set<Path> missing = new HashSet<>();
        FolderFiles files = list(folder, fs, state, missing);
        if (!missing.isEmpty()) {
            throw new IOException(missing.iterator().next()
                    + " is missing, which the commit log names; was it deleted by hand? Its rows are lost: restore the file, or"
                    + " start anew with another --output");
        }
        return files;
    }

    /** Returns the files that the log does not name, without checking that the others exist. */
    static List<Path> garbage(Path folder, FileSystem fs, LogState state) throws IOException {
        return list(folder, fs, state, new HashSet<>()).garbage;
    }

    private static FolderFiles list(Path folder, FileSystem fs, LogState state, Set<Path> missing) throws IOException {
        Set<Path> named = new HashSet<>();
        for (CommittedBatch batch : state.batches()) {
            Path ofBatch = RowFiles.folderOf(folder, batch.batch());
            batch.files().forEach(file -> named.add(new Path(ofBatch, file)));
        }
        List<Path> committed = new ArrayList<>();
        List<Path> garbage = new ArrayList<>();
        for (FileStatus batch : statuses(folder, fs)) {
            if (batch.getPath().getName().startsWith(RowFiles.BATCH)) {
                for (FileStatus file : statuses(batch.getPath(), fs)) {
                    Path path = file.getPath();
                    boolean isNamed = named.remove(path);
                    (isNamed ? committed : garbage).add(path);
                }
            }
        }
        missing.addAll(named);
        return new FolderFiles(folder, committed, garbage);
    }

    private static FileStatus[] statuses(Path folder, FileSystem fs) throws IOException {
        try {
            return fs.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** Returns the rows of some files, with their batch. */
    static Dataset<Row> read(SparkSession spark, Path folder, List<CommittedBatch> batches, StructType schema) {
        String[] files = batches.stream()
                .flatMap(batch ->
                        batch.files().stream().map(file -> new Path(RowFiles.folderOf(folder, batch.batch()), file)))
                .map(Globs::literal)
                .toArray(String[]::new);
        return files.length == 0
                ? spark.createDataFrame(List.of(), schema)
                : spark.read()
                        .schema(schema)
                        .option("basePath", folder.toString())
                        .parquet(files);
    }

    /**
     * Returns the committed rows, with their batch.
     *
     * @param schema schema with the batch; null to take it from the files
     */
    Dataset<Row> read(SparkSession spark, @Nullable StructType schema) {
        DataFrameReader reader = spark.read();
        if (schema != null) {
            if (committed.isEmpty()) {
                return spark.createDataFrame(List.of(), schema);
            }
            reader = reader.schema(schema);
        }
        // the folder as one path, unless files have to be left out
        return garbage.isEmpty()
                ? reader.parquet(Globs.literal(folder))
                : reader.option("basePath", folder.toString())
                        .parquet(committed.stream().map(Globs::literal).toArray(String[]::new));
    }
}
