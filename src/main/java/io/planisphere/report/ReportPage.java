package io.planisphere.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.eval.MatchCounts;
import io.planisphere.eval.PlaceEvaluation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A report on a run as one self-contained HTML page: style, scripts, D3, the outlines of land and the data are embedded. Its
 * Content-Security-Policy allows only these scripts, by their SHA-256, and no requests. Values from photos are JSON that the
 * browser does not interpret as HTML, and the page's scripts insert them as text.
 */
public final class ReportPage {
    /** Maximum size of a page; the parts of {@link ReportData} are bounded, so that pages stay far below it. */
    public static final int MOST_BYTES = 6 << 20;

    private static final String D3 = "/META-INF/resources/webjars/d3/%s/";
    private static final List<String> SCRIPTS =
            List.of("page.js", "charts.js", "globe.js", "map.js", "parts.js", "main.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportPage() {}

    /** Returns the page, in UTF-8 at most {@link #MOST_BYTES} long. */
    public static String of(ReportData data) {
        String style = own("page.css");
        String d3 = d3();
        String scripts = SCRIPTS.stream().map(ReportPage::own).collect(Collectors.joining("\n"));
        String page = own("page.html")
                .replace("%policy%", policy(style, d3, scripts))
                .replace("%style%", style)
                .replace("%d3%", d3)
                .replace("%scripts%", scripts)
                .replace("%data%", json(data)); // last, because a photo's name may contain %d3%
        int bytes = page.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalStateException("The page takes " + bytes + " bytes, more than " + MOST_BYTES);
        }
        return page;
    }

    /** Returns the scores of places for {@link ReportData.Accuracy}. */
    public static JsonNode metrics(PlaceEvaluation evaluation, MatchCounts counts) {
        return MetricsJson.tree(evaluation, counts);
    }

    private static String policy(String style, String... scripts) {
        return "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src "
                + List.of(scripts).stream().map(ReportPage::hash).collect(Collectors.joining(" "))
                + "; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JRE has SHA-256
        }
    }

    /** Returns the data as JSON without any character that could end the enclosing element. */
    private static String json(ReportData data) {
        try {
            ObjectNode all = JSON.valueToTree(data);
            all.set("published", JSON.valueToTree(PublishedScores.IM2GPS3K));
            all.set("outlines", JSON.readTree(own("outlines.json")));
            return JSON.writeValueAsString(all).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The page's data are no JSON", e);
        }
    }

    private static String d3() {
        Properties version = new Properties();
        try (InputStream in = opened("/META-INF/maven/org.webjars.npm/d3/pom.properties")) {
            version.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String folder = D3.formatted(version.getProperty("version"));
        return "/*\n" + text(folder + "LICENSE").strip() + "\n*/\n" + text(folder + "dist/d3.min.js");
    }

    private static String own(String name) {
        return text("/report/" + name);
    }

    private static String text(String resource) {
        try (InputStream in = opened(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream opened(String resource) throws IOException {
        InputStream in = ReportPage.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException("The jar lacks " + resource);
        }
        return in;
    }
}
