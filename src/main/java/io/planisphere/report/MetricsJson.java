package io.planisphere.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import io.planisphere.eval.Breakdown;
import io.planisphere.eval.Comparison;
import io.planisphere.eval.Confidence;
import io.planisphere.eval.Estimate;
import io.planisphere.eval.GeoScore;
import io.planisphere.eval.MatchCounts;
import io.planisphere.eval.PlaceEvaluation;
import io.planisphere.eval.RadiusCoverage;
import io.planisphere.eval.Reliability;
import java.util.Collection;
import java.util.List;

/** The scores of predicted places as {@code metrics.json}; {@code docs/evaluation.md} describes its keys. */
final class MetricsJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private MetricsJson() {}

    static String of(PlaceEvaluation evaluation, MatchCounts counts, Collection<String> tables) {
        ObjectNode json = tree(evaluation, counts);
        tables.forEach(json.putArray("tables")::add);
        return json.toPrettyString() + "\n";
    }

    static ObjectNode tree(PlaceEvaluation evaluation, MatchCounts counts) {
        GeoScore all = evaluation.all();
        ObjectNode json = JSON.createObjectNode();
        json.put("n", all.n());
        json.put("users", all.users());
        json.put(
                "without_prediction",
                all.n() - evaluation.predicted().map(GeoScore::n).orElse(0));
        json.put("withheld", counts.withheld());
        json.put("photos_without_user", counts.withoutUser());
        json.put("photos_without_truth", counts.withoutTruth());
        json.put("truth_without_photo", counts.withoutRow());
        json.put("excluded_photos", counts.excluded());
        json.put("gallery_near_duplicates", counts.nearDuplicates());
        json.put("intervals_by", counts.withoutUser() < all.n() ? "user" : "photo");
        figures(json, all);
        estimate(json, "share_predicted", evaluation.sharePredicted());
        evaluation.predicted().ifPresent(predicted -> score(json.putObject("predicted"), predicted));
        evaluation.perfect().ifPresent(perfect -> score(json.putObject("perfect_classifier"), perfect));
        evaluation.comparison().ifPresent(two -> comparison(json.putObject("comparison"), two, counts));
        if (!evaluation.breakdowns().isEmpty()) {
            breakdowns(json.putObject("by"), evaluation.breakdowns());
        }
        if (!evaluation.byConfidence().isEmpty()) {
            byConfidence(json.putArray("by_confidence"), evaluation.byConfidence());
        }
        evaluation.reliability().ifPresent(each -> reliability(json.putObject("reliability"), each));
        coverage(json, evaluation.radiusCoverage());
        return json;
    }

    private static void comparison(ObjectNode json, Comparison comparison, MatchCounts counts) {
        json.put("photos_only_here", counts.onlyHere());
        json.put("photos_only_there", counts.onlyThere());
        score(json.putObject("this"), comparison.first());
        score(json.putObject("other"), comparison.second());
        score(json.putObject("difference"), comparison.difference());
    }

    private static void breakdowns(ObjectNode json, List<Breakdown> breakdowns) {
        for (Breakdown breakdown : breakdowns) {
            ArrayNode groups = json.putArray(breakdown.by());
            for (Breakdown.Group group : breakdown.groups()) {
                ObjectNode node = groups.addObject().put("name", group.name());
                score(node, group.score());
                coverage(node, group.coverage());
            }
        }
    }

    private static void byConfidence(ArrayNode json, List<Confidence.Group> groups) {
        for (Confidence.Group group : groups) {
            ObjectNode node = json.addObject();
            node.put("lowest", group.lowest());
            node.put("highest", group.highest());
            node.put("mean", group.mean());
            score(node, group.score());
        }
    }

    private static void reliability(ObjectNode json, Reliability reliability) {
        json.put("n", reliability.n());
        json.put("expected_calibration_error", reliability.calibrationError());
        ArrayNode bins = json.putArray("bins");
        for (Reliability.Bin bin : reliability.bins()) {
            ObjectNode node = bins.addObject();
            node.put("low", bin.low());
            node.put("high", bin.high());
            node.put("n", bin.n());
            node.put("mean_confidence", bin.meanConfidence());
            estimate(node, "in_cell", bin.inCell());
        }
    }

    private static void coverage(ObjectNode json, RadiusCoverage coverage) {
        coverage.radius().ifPresent(share -> estimate(json, "radius_coverage", share));
        coverage.radius90().ifPresent(share -> estimate(json, "radius90_coverage", share));
    }

    private static void score(ObjectNode json, GeoScore score) {
        json.put("n", score.n());
        json.put("users", score.users());
        figures(json, score);
    }

    private static void figures(ObjectNode json, GeoScore score) {
        estimate(json, "median_km", score.medianKm());
        estimate(json, "mean_km", score.meanKm());
        ObjectNode shares = json.putObject("within_km");
        ObjectNode intervals = json.putObject("within_km_95");
        for (GeoScore.Within within : score.within()) {
            String radius = String.valueOf(within.radiusKm());
            shares.set(radius, number(within.share().value()));
            intervals.set(radius, interval(within.share()));
        }
    }

    static void estimate(ObjectNode json, String name, Estimate estimate) {
        json.set(name, number(estimate.value()));
        json.set(name + "_95", interval(estimate));
    }

    private static ValueNode nothing() {
        return JSON.getNodeFactory().nullNode();
    }

    private static JsonNode interval(Estimate estimate) {
        return estimate.hasInterval()
                ? JSON.createArrayNode().add(number(estimate.low())).add(number(estimate.high()))
                : nothing();
    }

    /** Returns a number, or null for infinity, which JSON does not have. */
    private static ValueNode number(double value) {
        return Double.isFinite(value) ? JSON.getNodeFactory().numberNode(value) : nothing();
    }
}
