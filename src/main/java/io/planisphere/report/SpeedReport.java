package io.planisphere.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The throughput of a job, compared with the plain-threads baseline.
 *
 * @param stages core-milliseconds per photo by stage
 * @param peakBytes peak memory of the driver's process, including the photos for the baseline; 0 if unknown
 */
public record SpeedReport(Conditions conditions, Map<String, Spread> stages, List<Pair> pairs, long peakBytes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double COLLECTION = 100e6;

    /**
     * The subject and the conditions of the measurement.
     *
     * @param photos number of distinct photos of the baseline
     * @param bytes bytes of these photos
     * @param photosPerTurn number of photos that the job processes per turn
     * @param isCold whether each turn ran in a new process
     */
    public record Conditions(
            String model,
            String sha256,
            String images,
            int photos,
            long bytes,
            long photosPerTurn,
            int cores,
            String master,
            int batchSize,
            String machine,
            String spark,
            boolean isCold) {

        /** Returns whether all work is done in one process, whose CPU time is therefore the job's. */
        boolean isLocal() {
            return master.startsWith("local");
        }
    }

    /**
     * One measurement of the baseline and one of the job, in succession.
     *
     * @param boundCoreMillis CPU milliseconds per photo of the baseline
     * @param jobCoreMillis CPU milliseconds per photo of the job, in the driver's process only
     * @param startSeconds duration of the job with one photo
     */
    public record Pair(
            long photos,
            double boundRate,
            double jobRate,
            double boundCoreMillis,
            double jobCoreMillis,
            double startSeconds) {
        double ratio() {
            return jobRate / boundRate;
        }

        /** Returns the ratio for long runs, excluding start-up. */
        double longRunRatio() {
            return photos / (photos / jobRate - startSeconds) / boundRate;
        }

        /** Returns the share of the job's CPU time that the baseline needs for the same work. */
        double coreRatio() {
            return boundCoreMillis / jobCoreMillis;
        }
    }

    /** Returns the spread of several measurements by stage. */
    public static Map<String, Spread> byStage(List<Map<String, Double>> measured) {
        Map<String, Spread> stages = new LinkedHashMap<>();
        measured.get(0)
                .keySet()
                .forEach(stage -> stages.put(
                        stage,
                        Spread.of(measured.stream()
                                .map(each -> each.getOrDefault(stage, Double.NaN))
                                .toList())));
        return stages;
    }

    /** Returns the line to print when a pair has been measured. */
    public static String line(Pair pair) {
        return String.format(
                Locale.ROOT,
                "%,d photos: threads %.1f per second, job %.1f, ratio %.3f",
                pair.photos,
                pair.boundRate,
                pair.jobRate,
                pair.ratio());
    }

    private Spread of(ToDoubleFunction<Pair> figure) {
        return Spread.of(pairs.stream().map(figure::applyAsDouble).toList());
    }

    private double coreHours() {
        return COLLECTION / of(pair -> pair.jobRate / conditions.cores).median() / 3600;
    }

    /** Returns the report as text for the terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s; %,d photos of %,d kB, %,d per turn%s; %s, %d cores, %d photos per call%n%s, Spark %s%n%n",
                conditions.model,
                conditions.photos,
                conditions.bytes / conditions.photos / 1000,
                conditions.photosPerTurn,
                conditions.isCold ? " in a new process" : "",
                conditions.master,
                conditions.cores,
                conditions.batchSize,
                conditions.machine,
                conditions.spark));
        text.append(row("stage, alone", "ms of a core per photo: median (range)"));
        stages.forEach((stage, spread) -> text.append(row("  " + stage, spread.shown("%.3f"))));
        text.append(row("", "photos per second"));
        text.append(row("plain threads", of(Pair::boundRate).shown("%.1f")));
        text.append(row("job", of(Pair::jobRate).shown("%.1f")));
        text.append(
                row("job, per core", of(pair -> pair.jobRate / conditions.cores).shown("%.1f")));
        text.append(row("job / threads", of(Pair::ratio).shown("%.3f")));
        text.append(row("  in a long run", of(Pair::longRunRatio).shown("%.3f")));
        text.append(row("a start", of(Pair::startSeconds).shown("%.2f") + " seconds"));
        if (conditions.isLocal()) {
            text.append(row("by core time", of(Pair::coreRatio).shown("%.3f")));
            text.append(row(
                    "rows and Spark",
                    of(pair -> pair.jobCoreMillis - pair.boundCoreMillis).shown("%.3f") + " ms of a core per photo"));
        }
        text.append(row("100 million photos", String.format(Locale.ROOT, "%,.0f core-hours", coreHours())));
        if (peakBytes > 0) {
            text.append(row(
                    "peak memory",
                    String.format(
                            Locale.ROOT,
                            "%,d MB, of which %,d MB are photos held for the threads",
                            peakBytes >> 20,
                            conditions.bytes >> 20)));
        }
        return text.toString();
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "%-20s%s%n", name, value);
    }

    /** Returns the report as JSON for files, with every figure of {@link #text} and every repetition. */
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("model", conditions.model).put("sha256", conditions.sha256).put("images", conditions.images);
        json.put("photos", conditions.photos).put("bytes", conditions.bytes);
        json.put("photos_per_turn", conditions.photosPerTurn).put("cores", conditions.cores);
        json.put("master", conditions.master).put("batch_size", conditions.batchSize);
        json.put("machine", conditions.machine).put("spark", conditions.spark).put("cold", conditions.isCold);
        ObjectNode alone = json.putObject("stage_core_ms");
        stages.forEach((stage, spread) -> spread.write(alone, stage));
        of(Pair::boundRate).write(json, "threads_photos_per_second");
        of(Pair::jobRate).write(json, "job_photos_per_second");
        of(pair -> pair.jobRate / conditions.cores).write(json, "job_photos_per_second_and_core");
        of(Pair::ratio).write(json, "ratio");
        of(Pair::longRunRatio).write(json, "long_run_ratio");
        of(Pair::startSeconds).write(json, "start_seconds");
        if (conditions.isLocal()) {
            of(Pair::coreRatio).write(json, "core_time_ratio");
        }
        json.put("core_hours_per_100_million", coreHours());
        json.put("peak_bytes", peakBytes);
        ArrayNode each = json.putArray("repetitions");
        for (Pair pair : pairs) {
            each.addObject()
                    .put("photos", pair.photos)
                    .put("threads_photos_per_second", pair.boundRate)
                    .put("job_photos_per_second", pair.jobRate)
                    .put("start_seconds", pair.startSeconds)
                    .put("threads_core_ms", pair.boundCoreMillis)
                    .put("job_core_ms", pair.jobCoreMillis);
        }
        return json.toPrettyString() + "\n";
    }
}
