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
 * How fast a job is, and how far that is from plain threads.
 *
 * @param stages milliseconds of a core per photo
 * @param peakBytes the most that the process of the driver held, photos for the bound included; 0 where nobody says
 */
public record SpeedReport(Conditions conditions, Map<String, Spread> stages, List<Pair> pairs, long peakBytes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double COLLECTION = 100e6;

    /**
     * What was measured, and on what.
     *
     * @param photos different ones that the bound took
     * @param bytes of them
     * @param photosPerTurn as many as the job took
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
            String spark) {

        /** Whether all of the work is done in one process, so that its processor time is the job's. */
        boolean isLocal() {
            return master.startsWith("local");
        }
    }

    /**
     * The bound and the job, one after the other.
     *
     * @param boundCoreMillis processor time per photo
     * @param jobCoreMillis processor time per photo, of the driver's process only
     * @param startSeconds what the job takes for one photo
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

        /** The ratio that longer turns come to: without what a start costs. */
        double longRunRatio() {
            return photos / (photos / jobRate - startSeconds) / boundRate;
        }

        /** What of the processor time went into what the bound does. */
        double coreRatio() {
            return boundCoreMillis / jobCoreMillis;
        }
    }

    /** Stage by stage, of several measurements. */
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

    /** A pair as it is measured. */
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

    /** For the terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s; %,d photos of %,d kB, %,d per turn; %s, %d cores, %d photos per call%n%s, Spark %s%n%n",
                conditions.model,
                conditions.photos,
                conditions.bytes / conditions.photos / 1000,
                conditions.photosPerTurn,
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

    /** For files: every figure of {@link #text}, and every repetition. */
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("model", conditions.model).put("sha256", conditions.sha256).put("images", conditions.images);
        json.put("photos", conditions.photos).put("bytes", conditions.bytes);
        json.put("photos_per_turn", conditions.photosPerTurn).put("cores", conditions.cores);
        json.put("master", conditions.master).put("batch_size", conditions.batchSize);
        json.put("machine", conditions.machine).put("spark", conditions.spark);
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
