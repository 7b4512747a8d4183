package io.planisphere.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.geometry.S2CellId;
import io.planisphere.geo.LatLng;
import io.planisphere.report.ReportData.Candidate;
import io.planisphere.report.ReportData.CellOfPhotos;
import io.planisphere.report.ReportData.Example;
import io.planisphere.report.ReportData.Histogram;
import io.planisphere.report.ReportData.Places;
import io.planisphere.report.ReportData.Prediction;
import io.planisphere.report.ReportData.Reason;
import io.planisphere.report.ReportData.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Histogram NOTHING = new Histogram(0, 1, List.of(0L));

    @Test
    void textOfPhotosIsEscapedInThePage() throws IOException {
        String name = "</script><!-- <script> %d3% %scripts% \u2028 \"'&amp;";
        Rejected rejected = new Rejected("empty", 1, List.of(new Reason(name, name, name, 0, 0)));

        String page = ReportPage.of(data(List.of(), List.of(), null, List.of(rejected)));

        assertThat(json(page).at("/rejected/0/examples/0/id").asText()).isEqualTo(name);
        assertThat(page.split("<script", -1)).as("the data, D3 and our own").hasSize(4);
        assertThat(page.split("<!--", -1)).hasSize(1);
    }

    @Test
    void thePolicyForbidsFetchesAndThePageHasTheLicenceOfD3() {
        String page = ReportPage.of(data(List.of(), List.of(), null, List.of()));

        assertThat(page)
                .contains("content=\"default-src 'none'; img-src data:; style-src 'sha256-")
                .contains("THE SOFTWARE IS PROVIDED \"AS IS\"")
                .doesNotContain("unsafe-inline", "%policy%", "%data%", "%scripts%", "%style%");
    }

    /** The corners of cell 89c25 as in the tests of GeoJSON; the first number of each pair is a longitude. */
    @Test
    void aCellIsDrawnByItsFourCornersClockwise() {
        List<Integer> outline = Outline.of(S2CellId.fromToken("89c25"));

        assertThat(outline).hasSize(8);
        List<List<Integer>> corners = IntStream.range(0, 4)
                .mapToObj(i -> List.of(
                        outline.get(2 * i) + (i == 0 ? 0 : outline.get(0)),
                        outline.get(2 * i + 1) + (i == 0 ? 0 : outline.get(1))))
                .toList();
        assertThat(corners).contains(List.of(-7421793, 4082771));
        double doubledArea = IntStream.range(0, 4)
                .mapToDouble(i -> {
                    List<Integer> here = corners.get(i);
                    List<Integer> next = corners.get((i + 1) % 4);
                    return (double) here.get(0) * next.get(1) - (double) next.get(0) * here.get(1);
                })
                .sum();
        assertThat(doubledArea).as("clockwise").isNegative();
    }

    @Test
    void aPageWithTheMaximumContentIsWithinTheSizeLimit() {
        String text = "\u9ad8".repeat(300);
        List<Integer> outline =
                Outline.of(new LatLng(-41.2345, -173.4567).leaf().parent(12));
        Candidate candidate = new Candidate("6d38c61fd4c", outline, 0.1234);
        Prediction prediction = new Prediction(
                -41.23456,
                -173.45678,
                1234.5678,
                0.1234,
                -41.23456,
                -173.45678,
                1234.5678,
                Collections.nCopies(10, candidate));
        Example example = new Example(text, text, 4000, 3000, prediction, List.of(), List.of(), null, text);
        Example pictured = example.shownBy("data:image/jpeg;base64," + "A".repeat((1 << 20) * 4 / 3 / 120));
        List<Example> examples = IntStream.range(0, 300)
                .mapToObj(i -> i < 120 ? pictured : example)
                .toList();
        CellOfPhotos cell = new CellOfPhotos("6d38c61fd4c", 20, outline, 1_000_000, 0.1234, List.of(297, 298, 299));
        Places places = new Places(
                4_000_000_000L,
                Collections.nCopies(4_000, cell),
                1,
                1,
                NOTHING,
                Collections.nCopies(20_000, outline),
                null);
        List<Rejected> rejected = Collections.nCopies(
                10, new Rejected("undecodable", 1_000_000, Collections.nCopies(8, new Reason(text, text, text, 1, 1))));

        String page = ReportPage.of(data(examples, List.of(text), places, rejected));

        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isBetween(3_000_000, ReportPage.MOST_BYTES);
    }

    private static ReportData data(
            List<Example> examples, List<String> notes, @Nullable Places places, List<Rejected> rejected) {
        return new ReportData(
                "2026-11-25T12:00:00Z",
                "rows",
                JsonNodeFactory.instance.objectNode(),
                Map.of("ok", 1L),
                rejected,
                places,
                null,
                null,
                examples,
                notes);
    }

    private static JsonNode json(String page) throws IOException {
        Matcher data = DATA.matcher(page);
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }
}
