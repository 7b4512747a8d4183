package io.planisphere.spark.task;

import io.planisphere.source.ShardTally;
import io.planisphere.spark.commit.WrittenFile;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * The result that a task returns to the driver. Spark keeps the result of one attempt per task, so nothing is counted twice.
 *
 * @param files files with its rows
 * @param tallies counts of its shards, by uri
 * @param sideFiles names of the files written beside the rows
 */
public record TaskResult(List<WrittenFile> files, Map<String, ShardTally> tallies, List<String> sideFiles)
        implements Serializable {}
