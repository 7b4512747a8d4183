package io.planisphere.report;

import java.util.List;

/**
 * Scores reported by geolocation papers on Im2GPS3k (2,997 photos taken from the ground), which is a different test set from the
 * user's own.
 */
final class PublishedScores {
    static final List<PublishedScore> IM2GPS3K = List.of(
            new PublishedScore("PlaNet (2016)", List.of(8.5, 24.8, 34.3, 48.4, 64.6)),
            new PublishedScore("CPlaNet (2018)", List.of(10.2, 26.5, 34.6, 48.6, 64.6)),
            new PublishedScore("Hierarchical, ResNet50 (2018)", List.of(10.5, 28.0, 36.6, 49.7, 66.0)),
            new PublishedScore("GeoCLIP (2023)", List.of(14.1, 34.5, 50.7, 69.7, 83.8)),
            new PublishedScore("PIGEOTTO (2024)", List.of(11.3, 36.7, 53.8, 72.4, 85.3)));

    private PublishedScores() {}

    /** @param within percentages of photos within 1, 25, 200, 750 and 2500 km */
    record PublishedScore(String system, List<Double> within) {}
}
