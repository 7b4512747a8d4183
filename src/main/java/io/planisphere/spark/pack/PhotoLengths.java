package io.planisphere.spark.pack;

import io.planisphere.source.FileSystems;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.TaskSlots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Estimates the length of photos from a sample. */
record PhotoLengths(Broadcast<SerializableConfiguration> hadoop) implements MapPartitionsFunction<String, Long> {
    // the mean of this many photos is accurate to some percent
    private static final int LOOKED_AT = 500;
    private static final long GUESS_BYTES = 100_000;

    /** Returns the mean length of a photo in bytes; a guess if no length is known. */
    static long mean(Dataset<Row> references, Broadcast<SerializableConfiguration> hadoop) {
        List<Long> lengths = references
                .where(references.col(Plan.REJECTED).isNull())
                .select(Plan.URI)
                .as(Encoders.STRING())
                .limit(LOOKED_AT)
                .repartition(TaskSlots.expected(references.sparkSession().sparkContext()))
                .mapPartitions(new PhotoLengths(hadoop), Encoders.LONG())
                .collectAsList();
        return (long) lengths.stream().mapToLong(Long::longValue).average().orElse(GUESS_BYTES);
    }

    @Override
    public Iterator<Long> call(Iterator<String> uris) {
        Configuration configuration = hadoop.value().value();
        List<Long> lengths = new ArrayList<>();
        while (uris.hasNext()) {
            try {
                Path path = new Path(uris.next());
                long length =
                        FileSystems.of(path, configuration).getFileStatus(path).getLen();
                if (length > 0) {
                    lengths.add(length);
                }
            } catch (IOException | IllegalArgumentException e) {
                // fetching it reports what is wrong
            }
        }
        return lengths.iterator();
    }
}
