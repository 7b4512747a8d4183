package io.planisphere.jobs;

import io.planisphere.http.HttpLimits;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.source.Access;
import io.planisphere.source.Allowed;
import io.planisphere.source.InputException;
import io.planisphere.source.InputFormat;
import io.planisphere.source.OptOut;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.task.Device;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Options of every job that reads photos. */
class PhotoOptions {
    /**
     * Default maximum share of undelivered photos; more indicates lost permissions or a network failure rather than gaps in a
     * collection.
     */
    private static final double MOST_UNDELIVERED = 0.5;

    @Option(
            names = "--input",
            paramLabel = "URI",
            required = true,
            description = "Photos: shards, a manifest, a folder, yfcc100m:FILE or table:CATALOG.DATABASE.NAME. "
                    + "Repeatable.")
    private List<String> inputs = List.of();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Format of the inputs: auto, webdataset, imagesequence, parquet, manifest, folder or "
                    + "yfcc100m. Default: ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private String format = "";

    @Option(
            names = "--photo-column",
            paramLabel = "NAME",
            description = "Column of Parquet inputs and tables with the photos, if several columns have bytes.")
    private Optional<String> photoColumn = Optional.empty();

    @Option(names = "--images", paramLabel = "URI", description = "Folder with the photos of a yfcc100m input.")
    private Optional<String> images = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "URI",
            required = true,
            description = "Folder to write rows to, or table:CATALOG.DATABASE.NAME (docs/tables.md).")
    private String output = "";

    @Option(
            names = "--state",
            paramLabel = "URI",
            description = "Folder for the plan and the commit log of a run that writes to a table.")
    private Optional<String> state = Optional.empty();

    @Option(
            names = "--shards-per-batch",
            paramLabel = "N",
            description = "Shards per batch, which is what a crash may repeat; for references, as many times 2,500 in "
                    + "whole chunks of 10,000. Default: 16 per task that runs at once when all executors are there "
                    + "(docs/clusters.md).")
    private Optional<Integer> shardsPerBatch = Optional.empty();

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "Maximum pixels of a photo; larger ones become too_large and are not decoded. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "100000000")
    private long maxPixels;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            description = "Maximum bytes of a photo; larger ones become too_large and are not read. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "67108864")
    private long maxBytes;

    @Option(
            names = "--max-error-rate",
            paramLabel = "SHARE",
            description = "Exit with code 2 if a larger share of all rows, 0 to 1, is not ok. Without it, a run stops "
                    + "with code 2 when more than half of the photos of a batch are forbidden or unreachable.")
    private Optional<Double> maxErrorRate = Optional.empty();

    @Option(
            names = "--retry",
            paramLabel = "STATUS",
            split = ",",
            description = "Only process the rows with these statuses again.")
    private List<String> retry = List.of();

    @Option(
            names = "--opt-out",
            paramLabel = "FILE",
            description = "File of ids of photos and users, one per line; their photos become opted_out and are not "
                    + "read.")
    private Optional<String> optOut = Optional.empty();

    @Option(
            names = "--allow",
            paramLabel = "URI",
            description = "Where manifests may name photos: a scheme (hdfs:), a bucket or a folder. Repeatable.")
    private List<String> allow = List.of();

    @Option(
            names = "--requests-per-host",
            paramLabel = "N",
            description = "Maximum concurrent HTTP requests per host and executor. Default: ${DEFAULT-VALUE}.",
            defaultValue = "64")
    private int requestsPerHost;

    @Option(
            names = "--fetch-timeout",
            paramLabel = "SECONDS",
            description = "Deadline of one HTTP request, from the connection to the last byte; a photo has twice that. "
                    + "Default: ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private int fetchTimeout;

    /** Checks the values and adds errors to {@code problems}. */
    void check(Problems problems) {
        try {
            output();
        } catch (InputException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        shardsPerBatch.ifPresent(n -> atLeastOne(problems, "--shards-per-batch", n));
        atLeastOne(problems, "--max-pixels", maxPixels);
        atLeastOne(problems, "--max-bytes", maxBytes);
        maxErrorRate
                .filter(rate -> !(rate >= 0 && rate <= 1))
                .ifPresent(rate -> problems.add("--max-error-rate must be from 0 to 1, got " + rate));
        atLeastOne(problems, "--requests-per-host", requestsPerHost);
        atLeastOne(problems, "--fetch-timeout", fetchTimeout);
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

    OutputName output() {
        return new OutputName(output, state);
    }

    /** Returns the number given by the user; empty to compute it from the number of executors. */
    OptionalInt shardsPerBatch() {
        return shardsPerBatch.stream().mapToInt(Integer::intValue).findFirst();
    }

    /** Returns the photos per inference call; 1 for a job without a network. */
    int batchSize() {
        return 1;
    }

    /** Returns the device that networks run on. */
    Device device() {
        return Device.CPU;
    }

    Optional<String> photoColumn() {
        return photoColumn;
    }

    ImageLimits limits() {
        return new ImageLimits(maxPixels, maxBytes);
    }

    /** Reads the current opt-out list. */
    OptOut optOut(Configuration hadoop) throws IOException {
        return optOut.isPresent() ? OptOut.read(optOut.get(), hadoop) : OptOut.NONE;
    }

    private Allowed allowed() {
        return Allowed.of(allow);
    }

    /**
     * Returns the rules for what may be fetched. The host of {@code --images} is trusted, whatever its address, because the user
     * gave it.
     */
    Access access() {
        return new Access(
                allowed(),
                HttpLimits.of(Duration.ofSeconds(fetchTimeout), requestsPerHost),
                images.map(Allowed::hostOf).orElse(Set.of()));
    }

    double maxErrorRate() {
        return maxErrorRate.orElse(1.0);
    }

    /** Returns the share of a batch, 0 to 1, that may be forbidden or unreachable. */
    double mostUndelivered() {
        return maxErrorRate.isPresent() ? 1 : MOST_UNDELIVERED;
    }

    /** Returns the statuses whose rows to label again; empty without {@code --retry}. */
    Set<Status> retry() {
        Set<Status> statuses = new LinkedHashSet<>();
        retry.forEach(code -> Status.ofCode(code).ifPresent(statuses::add));
        return statuses;
    }
}
