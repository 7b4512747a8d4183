package io.planisphere.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
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
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static boolean existsIn(Path plan, FileSystem fs) throws IOException {
        return fs.exists(new Path(plan, NAME));
    }

    static PlanMarker read(Path plan, FileSystem fs) throws IOException {
        try (InputStream in = fs.open(new Path(plan, NAME))) {
            return MAPPER.readValue(in.readAllBytes(), PlanMarker.class);
        }
    }

    /** Whole or not at all: written beside its place, then renamed. */
    void write(Path plan, FileSystem fs) throws IOException {
        Path beside = new Path(plan, "_plan.json.unfinished");
        try (OutputStream out = fs.create(beside, true)) {
            out.write(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        }
        if (!fs.rename(beside, new Path(plan, NAME))) {
            throw new IOException("Cannot rename " + beside + " to " + NAME);
        }
    }
}
