package io.planisphere.spark.plan;

import io.planisphere.spark.file.JsonFile;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Says that a plan is complete; a plan without it is rubbish left by a crash.
 *
 * @param inputs what was planned, by input as given
 */
record PlanMarker(Map<String, PlanMarker.Input> inputs, PlanCounts counts) {
    /**
     * An input as it was.
     *
     * @param fingerprint changes when the input does
     * @param videosSkipped in this input
     * @param otherFilesSkipped in this input
     */
    record Input(String fingerprint, long videosSkipped, long otherFilesSkipped) {}

    private static final String NAME = "_plan.json"; // Spark passes over names with an underscore

    /** The marker of a plan; empty if the plan is not complete. */
    static Optional<PlanMarker> of(Path plan, FileSystem fs) throws IOException {
        return new JsonFile(new Path(plan, NAME), fs).read(PlanMarker.class);
    }

    void write(Path plan, FileSystem fs) throws IOException {
        new JsonFile(new Path(plan, NAME), fs).write(this);
    }
}
