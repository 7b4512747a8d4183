package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.geo.LatLng;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class YfccLineTest {
    static final String LINE = String.join(
            "\t",
            "41",
            "6985418911",
            "4e2f7a26a1dfbf165a7e30bdabf7e72a",
            "39089491@N00",
            "An%C3%A9+B",
            "2012-02-16 09:56:37.0",
            "1331840483",
            "Canon+PowerShot",
            "100%25+%28sic%29",
            "line%0Atwo",
            "key+west,a%2Cb,toru%C5%84",
            "geo%3Alat%3D1",
            "-81.804885",
            "24.550558",
            "12",
            "http://www.flickr.com/photos/39089491@N00/6985418911/",
            "http://farm8.staticflickr.com/7205/6985418911_df7747990d.jpg",
            "Attribution License",
            "http://creativecommons.org/licenses/by/2.0/",
            "7205",
            "8",
            "df7747990d",
            "692d7e0a7f",
            "png",
            "0");

    /** Found by YfccFuzzTest. */
    @Test
    void aLongFieldIsNotRepeatedInTheReason() {
        String marker = LINE.substring(0, LINE.length() - 1) + "9".repeat(100_000);
        String hash = LINE.replace("4e2f7a26a1dfbf165a7e30bdabf7e72a", "z".repeat(100_000));
        for (String line : List.of(marker, hash)) {
            assertThat(((YfccLine.Malformed) YfccLine.parse(line)).detail()).hasSizeLessThan(300);
        }
    }

    @Test
    void allColumnsOfALineAreRead() {
        assertThat(photo(LINE))
                .isEqualTo(new YfccPhoto(
                        "6985418911",
                        "4e2f7a26a1dfbf165a7e30bdabf7e72a",
                        "39089491@N00",
                        "Ané B",
                        LocalDateTime.parse("2012-02-16T09:56:37"),
                        Instant.ofEpochSecond(1331840483),
                        "Canon PowerShot",
                        "100% (sic)",
                        "line\ntwo",
                        List.of("key west", "a,b", "toruń"),
                        List.of("geo:lat=1"),
                        new LatLng(24.550558, -81.804885),
                        YfccPhoto.Coordinates.POSSIBLE,
                        12,
                        "http://www.flickr.com/photos/39089491@N00/6985418911/",
                        "http://farm8.staticflickr.com/7205/6985418911_df7747990d.jpg",
                        "Attribution License",
                        "http://creativecommons.org/licenses/by/2.0/",
                        7205,
                        8,
                        "df7747990d",
                        "692d7e0a7f",
                        "png",
                        YfccPhoto.Marker.PHOTO));
    }

    @Test
    void theHashIsComputedForTheEarlierFileWithoutHashes() {
        List<String> columns = Arrays.asList(LINE.split("\t", -1));
        String earlier = columns.get(1) + "\t" + String.join("\t", columns.subList(3, 25));

        assertThat(photo(earlier)).isEqualTo(photo(LINE));
    }

    @Test
    void hashesMatchThoseThatYfcc100mPublished() throws IOException {
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream("yfcc_hashes.tsv"))) {
            List<String[]> rows = new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();

            assertThat(rows)
                    .hasSize(5)
                    .allSatisfy(row ->
                            assertThat(YfccPhoto.hashOf(row[1])).as(row[0]).isEqualTo(row[2]));
        }
    }

    @Test
    void theObjectKeyIsDerivedFromTheHash() {
        assertThat(photo(LINE).objectKey()).isEqualTo("4e2/f7a/4e2f7a26a1dfbf165a7e30bdabf7e72a.jpg");
    }

    @Test
    void aPhotoWithImpossibleCoordinatesHasNoPlace() {
        assertThat(with(13, "91").coordinates()).isEqualTo(YfccPhoto.Coordinates.IMPOSSIBLE);
        assertThat(with(12, "-180.5").place()).isNull();
        assertThat(with(12, "NaN").coordinates()).isEqualTo(YfccPhoto.Coordinates.IMPOSSIBLE);
        assertThat(with(12, "east").coordinates()).isEqualTo(YfccPhoto.Coordinates.IMPOSSIBLE);
        assertThat(with(12, "").coordinates()).isEqualTo(YfccPhoto.Coordinates.IMPOSSIBLE);
        assertThat(with(12, "180").coordinates()).isEqualTo(YfccPhoto.Coordinates.POSSIBLE);
    }

    @Test
    void emptyNumbersAndDatesAreNull() {
        String line = replaced(replaced(LINE, 12, ""), 13, "");
        assertThat(photo(line).coordinates()).isEqualTo(YfccPhoto.Coordinates.NONE);
        assertThat(photo(line).place()).isNull();
        assertThat(with(14, "").accuracy()).isNull();
        assertThat(with(5, "0000-00-00 00:00:00.0").dateTaken()).isNull();
        assertThat(with(6, "").dateUploaded()).isNull();
        assertThat(with(10, "").userTags()).isEmpty();
    }

    @Test
    void textThatIsNotFormEncodedIsUnchanged() {
        assertThat(with(8, "100% sure").title()).isEqualTo("100% sure");
    }

    @Test
    void videosAreMarked() {
        assertThat(with(24, "1").marker()).isEqualTo(YfccPhoto.Marker.VIDEO);
    }

    @Test
    void malformedLinesHaveAReason() {
        assertThat(detail("a\tb")).isEqualTo("The line has 2 columns, 23 or 25 expected: a\tb");
        assertThat(detail("")).isEqualTo("The line has 1 columns, 23 or 25 expected: ");
        assertThat(detail(replaced(LINE, 1, ""))).startsWith("The line has no photo id: 41");
        assertThat(detail(replaced(LINE, 2, "../../etc"))).contains("has the hash '../../etc', 16 to 32 hexadecimal");
        assertThat(detail(replaced(LINE, 24, "2"))).contains("has the marker '2', 0 (photo) or 1 (video) expected");
    }

    @Property
    void noLineThrows(@ForAll String line, @ForAll List<String> columns) {
        assertThat(YfccLine.parse(line)).isNotNull();
        assertThat(YfccLine.parse(String.join("\t", columns))).isNotNull();
    }

    /** Uses the first thousand lines of YFCC100M, which are not in the repository: -Dyfcc=FILE. */
    @Test
    @EnabledIfSystemProperty(named = "yfcc", matches = ".+")
    void computedHashesMatchAThousandRealLines() throws IOException {
        Path real = Path.of(System.getProperty("yfcc"));
        List<YfccPhoto> photos =
                Files.readAllLines(real).stream().map(YfccLineTest::photo).toList();

        assertThat(photos).hasSize(1000).allSatisfy(photo -> {
            assertThat(photo.hash()).isEqualTo(YfccPhoto.hashOf(photo.downloadUrl()));
            assertThat(photo.coordinates()).isNotEqualTo(YfccPhoto.Coordinates.IMPOSSIBLE);
            assertThat(photo.dateTaken()).isNotNull();
        });
        assertThat(photos)
                .filteredOn(photo -> photo.marker() == YfccPhoto.Marker.VIDEO)
                .hasSize(3);
    }

    private static YfccPhoto with(int column, String value) {
        return photo(replaced(LINE, column, value));
    }

    private static String replaced(String line, int column, String value) {
        String[] columns = line.split("\t", -1);
        columns[column] = value;
        return String.join("\t", columns);
    }

    private static YfccPhoto photo(String line) {
        return ((YfccLine.Parsed) YfccLine.parse(line)).photo();
    }

    private static String detail(String line) {
        return ((YfccLine.Malformed) YfccLine.parse(line)).detail();
    }
}
