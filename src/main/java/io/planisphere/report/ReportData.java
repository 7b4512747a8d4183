package io.planisphere.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a run shows, as {@link ReportPage} writes it into the page. Parts that the run has nothing for are null.
 *
 * @param made when the page was made, as ISO 8601 in UTC
 * @param source where the run stands
 * @param run {@code run.json} as it is; empty where the run has none
 * @param status rows by status code
 * @param rejected what was not labelled, the most frequent status first
 * @param examples photos that the other parts name by their place in this list
 * @param notes what the page leaves out, and why, a sentence each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportData(
        String made,
        String source,
        JsonNode run,
        Map<String, Long> status,
        List<Rejected> rejected,
        @Nullable Places places,
        @Nullable Boxes boxes,
        @Nullable Labels labels,
        List<Example> examples,
        List<String> notes) {

    /**
     * Photos with a status other than {@code ok}.
     *
     * @param photos how many
     * @param examples some of them
     */
    public record Rejected(String status, long photos, List<Reason> examples) {}

    /** A photo that was not labelled, and why; {@code width} and {@code height} are 0 where unknown. */
    public record Reason(String id, String uri, String detail, int width, int height) {}

    /**
     * How values are distributed, in bins of equal width.
     *
     * @param low where the first bin begins
     * @param high where the last one ends
     */
    public record Histogram(double low, double high, List<Long> counts) {}

    /**
     * Where photos were placed.
     *
     * @param placed photos in a cell
     * @param cells that hold them, the fullest first
     * @param otherCells cells that are not in the list
     * @param inOtherCells photos in those
     * @param confidence of all answers, 0 to 1
     * @param partition cells that the model knows, each as {@link Outline} has it; null where they are not to be had
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Places(
            long placed,
            List<CellOfPhotos> cells,
            long otherCells,
            long inOtherCells,
            Histogram confidence,
            @Nullable List<List<Integer>> partition,
            @Nullable Accuracy accuracy) {}

    /**
     * A cell.
     *
     * @param outline see {@link Outline}
     * @param confidence mean of its photos'
     * @param examples places in the list of examples
     */
    public record CellOfPhotos(
            String token, int level, List<Integer> outline, long photos, double confidence, List<Integer> examples) {}

    /**
     * How far the answers are from the truth.
     *
     * @param metrics as {@code metrics.json} of {@code evaluate}
     * @param points confidence and error in km of some photos
     */
    public record Accuracy(String truth, JsonNode metrics, List<double[]> points) {}

    /**
     * Boxes around things.
     *
     * @param things what they are, {@code faces} or {@code objects}
     * @param photosWith photos with at least one
     * @param total of all photos
     * @param scores of all boxes, 0 to 1
     * @param labels the most frequent ones; empty for faces
     * @param attributes of faces, by name
     * @param examples places in the list of examples
     */
    public record Boxes(
            String things,
            long photosWith,
            long total,
            Histogram scores,
            List<LabelCount> labels,
            List<Attribute> attributes,
            List<Integer> examples) {}

    /** A label, how many photos or boxes have it, and the mean of its scores. */
    public record LabelCount(String label, long count, double score) {}

    /** An attribute of faces. */
    public record Attribute(String name, long faces, double mean, Histogram values) {}

    /**
     * What photos show.
     *
     * @param scores of the likeliest label of each photo, 0 to 1
     * @param labels that are likeliest most often
     * @param different labels that are likeliest for some photo
     * @param examples places in the list of examples
     */
    public record Labels(Histogram scores, List<LabelCount> labels, long different, List<Integer> examples) {}

    /**
     * A photo and its answer.
     *
     * @param width of the upright photo in pixels, as {@code boxes} have them
     * @param thumbnail a data URI; null where there is none
     * @param unread why there is none; null where none was asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Example(
            String id,
            String uri,
            int width,
            int height,
            @Nullable Answer answer,
            List<Box> boxes,
            List<Score> labels,
            @Nullable String thumbnail,
            @Nullable String unread) {
        /** The same photo with a picture. */
        public Example shownBy(String dataUri) {
            return new Example(id, uri, width, height, answer, boxes, labels, dataUri, null);
        }

        /** The same photo, whose picture is not available. */
        public Example unread(String reason) {
            return new Example(id, uri, width, height, answer, boxes, labels, null, reason);
        }
    }

    /**
     * Where one photo was placed.
     *
     * @param radiusKm that holds half of the probability; null where the row has none
     * @param trueLatitude where it was taken, null where nobody says
     * @param trueLongitude likewise
     * @param cells the likeliest ones, the heat map of the photo
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answer(
            @Nullable Double latitude,
            @Nullable Double longitude,
            @Nullable Double radiusKm,
            double confidence,
            @Nullable Double trueLatitude,
            @Nullable Double trueLongitude,
            @Nullable Double errorKm,
            List<Candidate> cells) {}

    /** A cell of one photo's answer. */
    public record Candidate(String token, List<Integer> outline, double probability) {}

    /** A label and its score. */
    public record Score(String label, double score) {}

    /** A box in pixels of the upright photo. */
    public record Box(
            String label,
            double score,
            double xmin,
            double ymin,
            double xmax,
            double ymax,
            Map<String, Double> attributes) {}
}
