package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.source.InputException;
import io.planisphere.source.InputFormat;
import io.planisphere.source.OptOut;
import io.planisphere.spark.Device;
import io.planisphere.spark.InferenceRun;
import io.planisphere.spark.plan.Allowed;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Options of every job that takes photos in. */
class PhotoOptions {
    @Option(
            names = "--input",
            paramLabel = "URI",
            required = true,
            description = "shards, a manifest, a folder, or yfcc100m:FILE; repeatable")
    private List<String> inputs = List.of();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "auto, webdataset, imagesequence, parquet, manifest, folder or yfcc100m; "
                    + "default: ${DEFAULT-VALUE}",
            defaultValue = "auto")
    private String format = "";

    @Option(
            names = "--photo-column",
            paramLabel = "NAME",
            description = "column of Parquet inputs that holds the photos, if there are several of bytes")
    private Optional<String> photoColumn = Optional.empty();

    @Option(names = "--images", paramLabel = "URI", description = "the folder that photos of a yfcc100m input stand in")
    private Optional<String> images = Optional.empty();

    @Option(names = "--output", paramLabel = "URI", required = true, description = "directory for the rows")
    private String output = "";

    @Option(
            names = "--shards-per-batch",
            paramLabel = "N",
            description = "shards that a crash may repeat, or as many times 2,500 references in whole chunks of 10,000;"
                    + " default: sixteen per core")
    private Optional<Integer> shardsPerBatch = Optional.empty();

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "photos with more become too_large, undecoded; default: ${DEFAULT-VALUE}",
            defaultValue = "100000000")
    private long maxPixels;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            description = "files with more become too_large, unread; default: ${DEFAULT-VALUE}",
            defaultValue = "67108864")
    private long maxBytes;

    @Option(
            names = "--max-error-rate",
            paramLabel = "SHARE",
            description = "exit with 2 if more of all rows, 0 to 1, are not ok; default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private double maxErrorRate;

    @Option(
            names = "--retry",
            paramLabel = "STATUS",
            split = ",",
            description = "label the rows with these statuses again, and nothing else")
    private List<String> retry = List.of();

    @Option(
            names = "--opt-out",
            paramLabel = "FILE",
            description = "ids of photos and of users, one per line, whose photos become opted_out, unread")
    private Optional<String> optOut = Optional.empty();

    @Option(
            names = "--allow",
            paramLabel = "URI",
            description = "manifests may name photos below it only; a scheme (hdfs:), a bucket or a folder; repeatable")
    private List<String> allow = List.of();

    /** Gathers what is wrong with the values. */
    void check(Problems problems) {
        shardsPerBatch.ifPresent(n -> atLeastOne(problems, "--shards-per-batch", n));
        atLeastOne(problems, "--max-pixels", maxPixels);
        atLeastOne(problems, "--max-bytes", maxBytes);
        if (!(maxErrorRate >= 0 && maxErrorRate <= 1)) {
            problems.add("--max-error-rate must be from 0 to 1, got " + maxErrorRate);
        }
        checkAllow(problems);
        for (String code : retry) {
            if (Status.ofCode(code).isEmpty()) {
                problems.add("--retry knows no status '" + code + "'; give some of " + Status.codes());
            }
        }
        try {
            InputFormat.ofCode(format);
        } catch (InputException e) {
            problems.add("--format: " + e.getMessage());
        }
    }

    private void checkAllow(Problems problems) {
        try {
            allowed();
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    static void atLeastOne(Problems problems, String option, long value) {
        if (value < 1) {
            problems.add(option + " must be at least 1, got " + value);
        }
    }

    List<String> inputs() {
        return inputs;
    }

    InputFormat format() {
        return InputFormat.ofCode(format);
    }

    Optional<String> images() {
        return images;
    }

    String output() {
        return output;
    }

    /** @param cores that tasks run on */
    int shardsPerBatch(int cores) {
        return shardsPerBatch.orElse(InferenceRun.shardsPerBatch(cores));
    }

    /** Photos per call of a network; a job without one takes them singly. */
    int batchSize() {
        return 1;
    }

    /** That networks run on. */
    Device device() {
        return Device.CPU;
    }

    Optional<String> photoColumn() {
        return photoColumn;
    }

    ImageLimits limits() {
        return new ImageLimits(maxPixels, maxBytes);
    }

    /** The list as it stands now. */
    OptOut optOut(Configuration hadoop) throws IOException {
        return optOut.isPresent() ? OptOut.read(optOut.get(), hadoop) : OptOut.NONE;
    }

    Allowed allowed() {
        return Allowed.of(allow);
    }

    double maxErrorRate() {
        return maxErrorRate;
    }

    /** Empty unless rows are to be labelled again. */
    Set<Status> retry() {
        Set<Status> statuses = new LinkedHashSet<>();
        retry.forEach(code -> Status.ofCode(code).ifPresent(statuses::add));
        return statuses;
    }
}
