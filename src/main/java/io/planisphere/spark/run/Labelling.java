package io.planisphere.spark.run;

import static java.util.stream.Collectors.groupingBy;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.planisphere.source.Fetcher;
import io.planisphere.source.PhotoInput.Table;
import io.planisphere.source.ShardTally;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.commit.WrittenFile;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlannedMetadata;
import io.planisphere.spark.rows.SideFiles;
import io.planisphere.spark.task.PhotoTask;
import io.planisphere.spark.task.ReferenceRows;
import io.planisphere.spark.task.ShardRows;
import io.planisphere.spark.task.ShardRows.Shard;
import io.planisphere.spark.task.TablePhotoRows;
import io.planisphere.spark.task.TaskResult;
import io.planisphere.spark.task.TaskSlots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Turns photos into rows in files: runs a set of work on the cluster, and verifies that no photo was lost. */
record Labelling(
        SparkSession spark, PhotoTask task, Broadcast<SerializableConfiguration> hadoop, Optional<SideFiles> files) {
    /** Small enough that a lost task costs little work, large enough that task start-up is negligible. */
    static final int REFERENCES_PER_TASK = 2500;

    /** Minimum number of tasks per slot; several even out the different times that photos take. */
    private static final int LEAST_ROUNDS = 4;

    /** Returns the same labelling with isolated decoding, for photos that may crash the process that decodes them. */
    Labelling withIsolatedDecoding() {
        return new Labelling(spark, task.withIsolatedDecoding(), hadoop, files);
    }

    /**
     * The result of one set of work.
     *
     * @param inputs photos that the sources returned
     * @param replacedShards shards that were replaced after planning
     * @param files written files, with one row for each input
     * @param sideFiles names of the files beside the rows, by batch
     */
    record Written(
            long inputs,
            long videosSkipped,
            long replacedShards,
            List<WrittenFile> files,
            Map<Long, List<String>> sideFiles) {
        /** Returns the rows by status code; they add up to {@code inputs}. */
        Map<String, Long> status() {
            return Output.statusOf(files);
        }
    }

    /**
     * Labels shards, one task per shard unless the job writes side files. The largest shards start first, so that none of them
     * runs alone at the end.
     */
    Written shards(List<Shard> shards, Comparator<Shard> largestFirst, RowFiles target) throws IOException {
        long bytes = shards.stream().mapToLong(Shard::bytes).sum();
        Optional<SideFiles.Batch> batch = files.isPresent()
                ? Optional.of(files.get().begin(target.operation(), bytes, Math.max(1, shards.size())))
                : Optional.empty();
        List<Shard> ordered = shards.stream()
                .sorted(batch.isPresent() ? Comparator.comparing(Shard::uri) : largestFirst)
                .toList();
        int tasks = Math.min(ordered.size(), batch.map(SideFiles.Batch::tasks).orElse(Integer.MAX_VALUE));
        List<TaskResult> results = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(ordered, Math.max(1, tasks))
                .mapPartitions(new ShardRows(taskOf(batch), hadoop, target))
                .collect();
        Map<String, ShardTally> tallies = new HashMap<>();
        results.forEach(result -> tallies.putAll(result.tallies()));
        long inputs = 0;
        long videosSkipped = 0;
        long replacedShards = 0;
        for (Shard shard : shards) {
            ShardTally tally = tallies.getOrDefault(shard.uri(), ShardTally.NONE);
            inputs += shard.only().isEmpty() ? tally.rows() : shard.only().size();
            videosSkipped += tally.videosSkipped();
            replacedShards += tally.replacedShards();
        }
        return proven(inputs, videosSkipped, replacedShards, results);
    }

    /** Returns whether tasks write more than rows: then each operation has one batch only. */
    boolean writesSideFiles() {
        return files.isPresent();
    }

    /** Spreads the references of a batch over all executors that the application can have, and fetches and labels them there. */
    Written references(Dataset<Row> references, RowFiles target) throws IOException {
        if (files.isPresent()) {
            Dataset<Row> prepared = files.get().prepared(references);
            SideFiles.Batch batch = files.get().begin(target.operation(), prepared);
            return references(
                    prepared.repartition(batch.tasks()).sortWithinPartitions(PlannedMetadata.KEY, Plan.URI),
                    new ReferenceRows(task.with(batch.rows()), hadoop, Fetcher.Order.LISTED, target),
                    references.count());
        }
        long inputs = references.count();
        return references(
                references.repartition(tasks(inputs, TaskSlots.expected(spark.sparkContext()))),
                new ReferenceRows(task, hadoop, Fetcher.Order.SLOW_ONES_LATER, target),
                inputs);
    }

    /** Labels references of many batches, grouped so that each task writes few files. */
    Written referencesOfBatches(Dataset<Row> references, RowFiles target) {
        long inputs = references.count();
        return references(
                references
                        .repartitionByRange(
                                tasks(inputs, TaskSlots.expected(spark.sparkContext())),
                                col(Output.BATCH),
                                col(Plan.URI))
                        .sortWithinPartitions(Output.BATCH),
                new ReferenceRows(task, hadoop, Fetcher.Order.LISTED, target),
                inputs);
    }

    private static Written references(Dataset<Row> references, ReferenceRows rows, long inputs) {
        if (!List.of(references.columns()).contains(Plan.CONTENT)) {
            return proven(
                    inputs, 0, 0, references.toJavaRDD().mapPartitions(rows).collect());
        }
        Column isInTable = col(Plan.URI).startsWith(Table.PREFIX);
        TablePhotoRows ofTables = new TablePhotoRows(rows.task(), rows.hadoop(), rows.target());
        JavaRDD<TaskResult> results = references
                .where(not(isInTable))
                .drop(Plan.CONTENT)
                .toJavaRDD()
                .mapPartitions(rows)
                .union(references.where(isInTable).toJavaRDD().mapPartitions(ofTables));
        return proven(inputs, 0, 0, results.collect());
    }

    /** Returns a number of tasks that is a multiple of the slots: with one task more, all slots but one would wait for it. */
    static int tasks(long references, int slots) {
        long perRound = (long) REFERENCES_PER_TASK * slots;
        long rounds = (references + perRound - 1) / perRound;
        long tasks = slots * Math.max(LEAST_ROUNDS, rounds);
        return (int) Math.max(1, Math.min(tasks, references));
    }

    private PhotoTask taskOf(Optional<SideFiles.Batch> batch) {
        return batch.map(one -> task.with(one.rows())).orElse(task);
    }

    private static Written proven(long inputs, long videosSkipped, long replacedShards, List<TaskResult> results) {
        List<WrittenFile> files =
                results.stream().flatMap(result -> result.files().stream()).toList();
        long rows = files.stream().mapToLong(WrittenFile::rows).sum();
        if (rows != inputs) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "Batches %s have %d rows for %d photos; this is a defect, please report it",
                    files.stream().collect(groupingBy(WrittenFile::batch)).keySet(),
                    rows,
                    inputs));
        }
        return new Written(inputs, videosSkipped, replacedShards, files, sideFiles(results));
    }

    /** Returns the side files by batch. A side file belongs to all batches that its task has rows of. */
    private static Map<Long, List<String>> sideFiles(List<TaskResult> results) {
        Map<Long, List<String>> sideFiles = new TreeMap<>();
        for (TaskResult result : results) {
            if (!result.sideFiles().isEmpty()) {
                result.files().stream()
                        .map(WrittenFile::batch)
                        .distinct()
                        .forEach(batch -> sideFiles
                                .computeIfAbsent(batch, first -> new ArrayList<>())
                                .addAll(result.sideFiles()));
            }
        }
        return sideFiles;
    }

    /** Returns the rows by status, counted in the output itself. */
    static Map<String, Long> statusCounts(Output output) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        output.rows()
                .groupBy("status")
                .count()
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }
}
