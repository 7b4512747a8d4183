package io.planisphere.spark.report;

import io.planisphere.report.ReportData.Box;
import io.planisphere.report.ReportData.Example;
import io.planisphere.report.ReportData.Prediction;
import io.planisphere.report.ReportData.Score;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Collects examples and notes of all parts of a page. */
final class Gathered {
    private final List<Example> examples = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Adds a photo with a place, and returns its index. */
    int add(Row row, Prediction prediction) {
        return add(row, prediction, List.of(), List.of());
    }

    /** Adds a photo with boxes, and returns its index. */
    int addBoxes(Row row, List<Box> boxes) {
        return add(row, null, boxes, List.of());
    }

    /** Adds a photo with labels, and returns its index. */
    int addLabels(Row row, List<Score> labels) {
        return add(row, null, List.of(), labels);
    }

    private int add(Row row, @Nullable Prediction prediction, List<Box> boxes, List<Score> labels) {
        examples.add(new Example(
                row.<String>getAs("id"),
                row.<String>getAs("uri"),
                row.<Integer>getAs("width"),
                row.<Integer>getAs("height"),
                prediction,
                boxes,
                labels,
                null,
                null));
        return examples.size() - 1;
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    List<Example> examples() {
        return List.copyOf(examples);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
