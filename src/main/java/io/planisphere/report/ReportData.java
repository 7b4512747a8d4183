package io.planisphere.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of a run's report, which {@link ReportPage} writes into the page. Parts without data are null.
 *
 * @param made time of creation, as ISO 8601 in UTC
 * @param source location of the run
 * @param run unchanged {@code run.json}; empty if the run has none
 * @param status rows by status code
 * @param rejected photos that were not labelled, by status, most frequent first
 * @param examples photos that the other parts refer to by index in this list
 * @param notes what the page leaves out, and why, one sentence each
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
     * @param photos number of photos
     * @param examples some of them
     */
    public record Rejected(String status, long photos, List<Reason> examples) {}

    /** A photo that was not labelled, and the reason; {@code width} and {@code height} are 0 if unknown. */
    public record Reason(String id, String uri, String detail, int width, int height) {}

    /**
     * A histogram with bins of equal width.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin
     */
    public record Histogram(double low, double high, List<Long> counts) {}

    /**
     * The predicted places of photos.
     *
     * @param placed number of photos in a cell
     * @param cells cells with these photos, most photos first
     * @param otherCells number of cells that are not in the list
     * @param inOtherCells number of photos in those cells
     * @param confidence confidence of all predictions, 0 to 1
     * @param partition cells of the model, each in the format of {@link Outline}; null if not available
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
     * @param confidence mean confidence of its photos
     * @param examples indices in the list of examples
     */
    public record CellOfPhotos(
            String token, int level, List<Integer> outline, long photos, double confidence, List<Integer> examples) {}

    /**
     * The errors of predictions.
     *
     * @param metrics metrics in the format of {@code metrics.json} of {@code evaluate}
     * @param points confidence and error in km of some photos
     */
    public record Accuracy(String truth, JsonNode metrics, List<double[]> points) {}

    /**
     * Faces or objects in photos.
     *
     * @param things {@code faces} or {@code objects}
     * @param photosWith number of photos with at least one
     * @param total total number over all photos
     * @param scores scores of all boxes, 0 to 1
     * @param labels most frequent labels; empty for faces
     * @param attributes attributes of faces, by name
     * @param examples indices in the list of examples
     */
    public record Boxes(
            String things,
            long photosWith,
            long total,
            Histogram scores,
            List<LabelCount> labels,
            List<Attribute> attributes,
            List<Integer> examples) {}

    /** A label, the number of photos or boxes with it, and its mean score. */
    public record LabelCount(String label, long count, double score) {}

    /** An attribute of faces. */
    public record Attribute(String name, long faces, double mean, Histogram values) {}

    /**
     * The predicted labels of photos.
     *
     * @param scores scores of the top label of each photo, 0 to 1
     * @param labels labels that are most often the top label
     * @param different number of labels that are the top label of some photo
     * @param examples indices in the list of examples
     */
    public record Labels(Histogram scores, List<LabelCount> labels, long different, List<Integer> examples) {}

    /**
     * A photo and its predictions.
     *
     * @param width width of the upright photo in pixels, the unit of {@code boxes}
     * @param thumbnail data URI; null if there is none
     * @param unread reason why there is no thumbnail; null if none was requested
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Example(
            String id,
            String uri,
            int width,
            int height,
            @Nullable Prediction prediction,
            List<Box> boxes,
            List<Score> labels,
            @Nullable String thumbnail,
            @Nullable String unread) {
        /** Returns the same photo with a thumbnail. */
        public Example shownBy(String dataUri) {
            return new Example(id, uri, width, height, prediction, boxes, labels, dataUri, null);
        }

        /** Returns the same photo with a reason why its thumbnail is not available. */
        public Example unread(String reason) {
            return new Example(id, uri, width, height, prediction, boxes, labels, null, reason);
        }
    }

    /**
     * The predicted place of one photo.
     *
     * @param radiusKm radius that contains half of the probability; null if the row has none
     * @param trueLatitude true latitude, null if unknown
     * @param trueLongitude true longitude, null if unknown
     * @param cells most probable cells, for the photo's heat map
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Prediction(
            @Nullable Double latitude,
            @Nullable Double longitude,
            @Nullable Double radiusKm,
            double confidence,
            @Nullable Double trueLatitude,
            @Nullable Double trueLongitude,
            @Nullable Double errorKm,
            List<Candidate> cells) {}

    /** A candidate cell of one photo. */
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
