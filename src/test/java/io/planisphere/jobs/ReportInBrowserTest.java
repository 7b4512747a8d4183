package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * Opens pages of real runs in a real browser that has no network: the sample photos placed by {@code builtin:earth}, and tars
 * whose entries have names that an attacker would choose.
 */
class ReportInBrowserTest {
    private static final String QUOTED = "it's \"here\" & <script>document.title=1<.jpg";
    private static final String CLOSING = "</script><script>document.title='stolen'</script><img src=x onerror=boom()>";
    private static final String PLACES = "places.html";
    private static final String FACES = "faces.html";
    private static final String OBJECTS = "objects.html";
    private static final String LABELS = "labels.html";
    private static final int WIDE = 1200;
    private static final int PHONE = 390;

    private static Path folder;
    private static Browser browser;

    @BeforeAll
    static void showRuns(@TempDir Path temporary) throws IOException {
        browser = Browser.start(); // first, because without a browser the rest is not needed
        LocalSpark.session();
        folder = temporary;
        Path photos = Files.createDirectory(folder.resolve("photos"));
        List<Path> samples;
        try (Stream<Path> all = Files.list(Path.of("src/samples/earth"))) {
            samples = all.sorted().toList();
        }
        for (Path sample : samples) {
            Files.copy(sample, photos.resolve(sample.getFileName().toString()));
        }
        Files.copy(samples.get(0), photos.resolve(QUOTED));
        Files.writeString(photos.resolve("page<b>.jpg"), "<html><script>boom()</script>");
        report(PLACES, List.of("--truth", "exif:" + photos), "locate", "--input", photos.toString());

        Path model = TinyModels.writeDirectory(folder.resolve("attributes"), TinyFaceModels.attributes(1));
        Path detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        report(
                FACES,
                List.of(),
                "faces",
                "--input",
                tar("faces", new Tars().with("turned" + CLOSING + ".jpg", FacePhotos.turned())),
                "--detector",
                detector.toString(),
                "--model",
                model.toString(),
                "--attributes",
                "colour");
        report(
                OBJECTS,
                List.of(),
                "detect",
                "--input",
                tar("objects", new Tars().with("red.png", Photos.png(Color.RED, 12, 8))),
                "--model",
                TinyModels.writeDirectory(
                                folder.resolve("objects-model"),
                                TinyDetectors.corners(new double[] {0.25, 0.25, 0.75, 0.75}))
                        .toString());
        report(
                LABELS,
                List.of("--no-thumbnails"),
                "classify",
                "--input",
                tar(
                        "labels",
                        new Tars().with("g.png", Photos.png(Color.GREEN, 12, 9)).with(CLOSING + ".jpg", "<html>")),
                "--model",
                TinyModels.writeDirectory(
                                folder.resolve("labels-model"), TinyModels.classify("red", "<b>green</b>", "blue"))
                        .toString());
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
        if (browser != null) {
            browser.close();
        }
    }

    private static String tar(String name, Tars photos) throws IOException {
        return Files.write(folder.resolve(name + ".tar"), photos.bytes()).toString();
    }

    private static void report(String page, List<String> options, String... job) {
        String rows = folder.resolve(page + "-rows").toString();
        List<String> run = new ArrayList<>(List.of(job));
        run.addAll(List.of("--output", rows));
        assertThat(Main.run(run.toArray(String[]::new))).isZero();
        List<String> report = new ArrayList<>(List.of("report", "--run", rows));
        report.addAll(List.of("--output", folder.resolve(page).toString()));
        report.addAll(options);
        assertThat(Main.run(report.toArray(String[]::new))).isZero();
    }

    private static void open(String page, int width) {
        browser.console();
        browser.requests();
        browser.open(folder.resolve(page), width, 900);
    }

    /** Returns the zoom factor of the map; 1 at first. */
    private static double zoom() {
        return browser.<Number>ask("d3.zoomTransform(document.getElementById('world')).k")
                .doubleValue();
    }

    /** Returns the largest cell on the map. */
    private static WebElement largestCell() {
        return browser.all("#cells path").stream()
                .max(Comparator.comparingDouble(cell -> cell.getRect().width * (double) cell.getRect().height))
                .orElseThrow();
    }

    @Test
    void everyPageOpensWithoutConsoleMessagesOrRequests() {
        for (String page : List.of(PLACES, FACES, OBJECTS, LABELS)) {
            open(page, WIDE);

            assertThat(browser.console()).as(page).isEmpty();
            assertThat(browser.requests())
                    .as(page)
                    .isNotEmpty()
                    .allMatch(url -> url.startsWith("file:") || url.startsWith("data:"));
            assertThat(browser.text("#run")).contains("Throughput", "per second and core", "infer", "SHA-256");
        }
    }

    @Test
    void aClickOnACellShowsItsPhotosAndAClickOnAPhotoItsHeatMap() {
        open(PLACES, WIDE);
        WebElement cell = largestCell();

        browser.click(cell);

        assertThat(browser.text("#panel h3")).isEqualTo("Cell " + cell.getAttribute("data-token"));
        assertThat(browser.text("#panel")).contains("Mean confidence");
        assertThat(browser.<Boolean>ask("document.querySelector('.strip img').naturalWidth > 100"))
                .as("its picture is shown")
                .isTrue();

        browser.click(browser.one(".strip button"));

        assertThat(browser.all("#prediction .globe .heat")).hasSize(5);
        assertThat(browser.all("#heat path")).as("on the map too").hasSize(5);
        assertThat(browser.all("#prediction .globe .true")).as("the true place").hasSize(1);
        assertThat(browser.text("#prediction")).contains("Error", "km", ".jpg");
        double sum = browser.<Number>ask(
                        "d3.sum(document.querySelectorAll('ol.likely li span:last-child'), s => parseFloat(s.textContent))")
                .doubleValue();
        assertThat(sum).isBetween(50.0, 100.5);
        String before = browser.ask("document.querySelector('.globe .land').getAttribute('d')");
        browser.drag(browser.one(".globe svg"), 60, 0);
        assertThat(browser.<String>ask("document.querySelector('.globe .land').getAttribute('d')"))
                .as("the globe turns")
                .isNotEqualTo(before);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void theMapZoomsAndPansByButtonsWheelAndMouse() {
        open(PLACES, WIDE);

        browser.click(browser.one("button[aria-label='Zoom in']"));
        assertThat(zoom()).isEqualTo(2);
        browser.wheel(browser.one("#world"), -200);
        assertThat(zoom()).isGreaterThan(2);
        String before = browser.ask("document.querySelector('#world > g').getAttribute('transform')");
        browser.drag(browser.one("#world"), -100, 30);
        assertThat(browser.<String>ask("document.querySelector('#world > g').getAttribute('transform')"))
                .isNotEqualTo(before);
        browser.click(browser.one("button[aria-label='Show the whole map']"));
        assertThat(zoom()).isEqualTo(1);
        browser.click(browser.one("#show-partition"));
        assertThat(browser.<Number>ask("document.querySelector('.partition').getAttribute('d').split('M').length - 1")
                        .intValue())
                .as("all cells of the model, some of them in two parts at the edge of the map")
                .isBetween(440, 480);
        assertThat(browser.one(".partition").isDisplayed()).isTrue();
    }

    @Test
    void everythingIsReachableByKeyboardAndTheFocusIsVisible() {
        open(PLACES, WIDE);
        List<String> reached = new ArrayList<>();

        for (int i = 0; i < 40 && !reached.contains("Show more cells"); i++) {
            browser.press(Keys.TAB);
            reached.add(browser.ask(
                    "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent ||"
                            + " document.activeElement.id)"));
            assertThat(browser.<String>ask("getComputedStyle(document.activeElement).outlineStyle"))
                    .as("outline of " + reached.get(i))
                    .isEqualTo("solid");
        }

        assertThat(reached.get(0)).isEqualTo("Skip to the content");
        assertThat(reached).contains("How far off", "Zoom in", "Zoom out", "Show the whole map", "Show more cells");
        browser.press(Keys.ENTER);
        assertThat(browser.all("td button").size()).isGreaterThan(12);

        browser.<Boolean>ask("(document.getElementById('world').focus(), true)");
        browser.press("+");
        assertThat(zoom()).isEqualTo(2);
        String before = browser.ask("document.querySelector('#world > g').getAttribute('transform')");
        browser.press(Keys.ARROW_RIGHT);
        assertThat(browser.<String>ask("document.querySelector('#world > g').getAttribute('transform')"))
                .isNotEqualTo(before);
        browser.press("0");
        assertThat(zoom()).isEqualTo(1);

        browser.<Boolean>ask("(document.querySelector('td button').focus(), true)");
        browser.press(Keys.ENTER);
        assertThat(browser.text("#panel h3")).isEqualTo("Cell " + browser.text("td button"));
        browser.back(); // the photos precede the table
        assertThat(browser.<String>ask("document.activeElement.getAttribute('aria-pressed')"))
                .isEqualTo("false");
        browser.press(Keys.ENTER);
        assertThat(browser.all("#prediction .globe")).hasSize(1);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void onAPhoneNothingOverflowsAndButtonsAreLargeEnough() {
        for (String page : List.of(PLACES, FACES, OBJECTS, LABELS)) {
            open(page, PHONE);

            assertThat(browser.<Number>ask("document.documentElement.scrollWidth")
                            .intValue())
                    .as(page)
                    .isLessThanOrEqualTo(PHONE);
        }
        open(PLACES, PHONE);
        assertThat(browser.all(".tools button"))
                .allSatisfy(button -> assertThat(button.getRect().height).isGreaterThanOrEqualTo(30));
        browser.click(browser.one("button[aria-label='Zoom in']"));
        assertThat(zoom()).isEqualTo(2);
        browser.click(browser.one("td button"));
        browser.click(browser.one(".strip button"));
        assertThat(browser.one(".globe svg").getRect().width).isBetween(200, PHONE);
        assertThat(browser.<Number>ask("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(PHONE);
    }

    @Test
    void fileNamesAndLabelsAreShownAsText() {
        open(PLACES, WIDE);
        assertThat(browser.text("#rejected")).contains("page<b>.jpg", "not_an_image");
        assertThat(browser.<String>ask("document.title")).startsWith("locate: ");
        int cell = browser.<Number>ask(
                        "data.places.cells.findIndex(c => c.examples.some(e => data.examples[e].id === arguments[0]))",
                        QUOTED)
                .intValue();
        browser.<Boolean>ask(
                "(document.querySelector(`#cells [data-token='${data.places.cells[arguments[0]].token}']`)"
                        + ".dispatchEvent(new MouseEvent('click')), true)",
                cell);
        assertThat(browser.text("#panel")).contains(QUOTED);

        open(FACES, WIDE);
        assertThat(browser.text("#boxes")).contains("turned" + CLOSING.substring(0, 2));
        assertThat(browser.<String>ask("document.title")).startsWith("faces: ");
        open(LABELS, WIDE);
        assertThat(browser.text("#labels")).contains("<b>green</b>");
        assertThat(browser.<String>ask("document.title")).startsWith("classify: ");
        assertThat(browser.<Number>ask("document.scripts.length").intValue()).isEqualTo(3);
        assertThat(browser.all("img")).isEmpty();
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void anUnfinishedRunShowsItsLastKnownProgress() throws IOException {
        Path rows = folder.resolve(LABELS + "-rows");
        Path record = rows.resolve("_run/run.json");
        String ended = Files.readString(record);
        Files.writeString(
                record,
                ended.replace("\"state\" : \"done\"", "\"state\" : \"running\"").replace("\"progress\" : null", """
                                "progress": {"updated": "2026-01-02T03:04:05.6Z", "photos": 1200, "errors": 7,
                                  "status": {"missing": 7, "ok": 1193}, "bytes": 9, "seconds": 60.0, "photosPerSecond": 20.0,
                                  "photosPerSecondAndCore": 10.0, "fraction": 0.25, "secondsLeft": 180.0, "batch": 2,
                                  "shard": "a.tar"}"""));
        String page = folder.resolve("running.html").toString();
        assertThat(Main.run("report", "--run", rows.toString(), "--output", page, "--no-thumbnails"))
                .isZero();
        Files.writeString(record, ended);

        open("running.html", WIDE);

        assertThat(browser.text("#run"))
                .contains(": running")
                .contains(
                        "2026-01-02 03:04:05 UTC: 1,200 photos, 7 of them rejected, 25.0 % of what there was to do, 3.0 min left")
                .doesNotContain("ENDED", "Ended");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void boxesAreDrawnInPixelsOfTheUprightPhoto() {
        open(FACES, WIDE);

        assertThat(browser.<String>ask("document.querySelector('.gallery svg').getAttribute('viewBox')"))
                .isEqualTo("0 0 800 600");
        assertThat(browser.<List<Number>>ask(
                        "(() => { const image = document.querySelector('.gallery image'); const bitmap = new Image();"
                                + " bitmap.src = image.getAttribute('href'); const canvas = document.createElement('canvas');"
                                + " const pen = canvas.getContext('2d'); pen.drawImage(bitmap, 0, 0);"
                                + " return [bitmap.width, bitmap.height, ...pen.getImageData(3, 3, 1, 1).data]; })()"))
                .as("240 x 180, and yellow at the top left, as the photo is upright")
                .satisfies(seen -> {
                    assertThat(seen.subList(0, 2)).extracting(Number::intValue).containsExactly(240, 180);
                    assertThat(seen.get(2).intValue()).isGreaterThan(200);
                    assertThat(seen.get(3).intValue()).isGreaterThan(200);
                    assertThat(seen.get(4).intValue()).isLessThan(60);
                });

        open(OBJECTS, WIDE);
        Map<String, Number> box = browser.ask(
                "(b => ({x: +b.getAttribute('x'), y: +b.getAttribute('y'), w: +b.getAttribute('width'), h: +b.getAttribute('height')}))"
                        + "(document.querySelector('.gallery .box'))");
        assertThat(box.values()).extracting(Number::doubleValue).containsExactlyInAnyOrder(3.0, 2.0, 6.0, 4.0);
        assertThat(browser.text("#boxes")).contains("1 object in 1 photo", "red, 0.982");
    }

    @Test
    void scoresAreShownAmongThoseOfPublishedSystems() {
        open(PLACES, WIDE);

        assertThat(browser.text("#accuracy"))
                .contains("37 photos with a true place", "Median error", "PlaNet (2016)", "PIGEOTTO", "Im2GPS3k")
                .contains("A perfect classifier over its cells");
        assertThat(browser.all("#accuracy figure svg[role=img][aria-label]")).hasSize(3);
        assertThat(browser.all("#accuracy .whisker")).isNotEmpty();
    }

    @Test
    void textIsReadableInLightAndDarkMode() {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            open(PLACES, WIDE);
            for (String css : List.of("body", ".soft", "nav a", "caption", "td")) {
                assertThat(contrast(css)).as("%s, dark: %s", css, dark).isGreaterThan(4.5);
            }
        }
        browser.dark(false);
    }

    @Test
    void injectedContentIsBlockedByTheContentSecurityPolicy() {
        open(PLACES, WIDE);

        browser.<Boolean>ask(
                "(document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">'),"
                        + " document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = 2'})),"
                        + " true)");

        assertThat(browser.await("fetch('http://192.0.2.1/').then(() => 'fetched', () => 'refused')"))
                .isEqualTo("refused");
        assertThat(browser.<String>ask("document.title")).startsWith("locate: ");
        assertThat(browser.console()).anyMatch(line -> line.contains("Content Security Policy"));
    }

    /** Returns the WCAG 2.1 contrast ratio of an element's text to the page. */
    private static double contrast(String css) {
        List<Number> text = colour(css, "color");
        List<Number> paper = colour("body", "backgroundColor");
        double one = luminance(text) + 0.05;
        double other = luminance(paper) + 0.05;
        return Math.max(one, other) / Math.min(one, other);
    }

    private static List<Number> colour(String css, String property) {
        return browser.ask(
                "getComputedStyle(document.querySelector(arguments[0]))[arguments[1]].match(/[\\d.]+/g).map(Number)",
                css,
                property);
    }

    private static double luminance(List<Number> rgb) {
        double[] linear = rgb.stream()
                .limit(3)
                .mapToDouble(value -> value.doubleValue() / 255)
                .map(value -> value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4))
                .toArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }
}
