package io.planisphere.spark.task;

import io.planisphere.source.ShardTally;
import io.planisphere.spark.commit.WrittenFile;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a task tells the driver. Spark takes the result of one attempt at each task, so nothing is counted twice.
 *
 * @param files with its rows
 * @param tallies what it met in its shards, by uri
 * @param sideFiles what it wrote beside the rows, by name
 */
public record TaskResult(List<WrittenFile> files, Map<String, ShardTally> tallies, List<String> sideFiles)
        implements Serializable {}
