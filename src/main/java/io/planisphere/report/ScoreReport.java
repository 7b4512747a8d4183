package io.planisphere.report;

import java.util.Map;

/** Scores, as files and as text for the terminal. */
public interface ScoreReport {
    /** Returns file contents by name: a CSV file per table and, last, {@code metrics.json}. */
    Map<String, String> files();

    /** Returns the scores as text for the terminal. */
    String text();
}
