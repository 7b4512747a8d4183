package io.planisphere.report;

import java.util.Map;

/** Scores, as files and for the terminal. */
public interface ScoreReport {
    /** Name to content: a CSV file per table and, last, {@code metrics.json}. */
    Map<String, String> files();

    /** For the terminal. */
    String text();
}
