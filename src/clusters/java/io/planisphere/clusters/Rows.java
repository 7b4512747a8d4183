package io.planisphere.clusters;

import io.planisphere.spark.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Encoders;

/** Reads the rows of an output. */
final class Rows {
    private Rows() {}

    /** Returns every row with all its columns in a fixed order, independent of its batch. */
    static List<String> of(String output) {
        return LocalSpark.session()
                .read()
                .parquet(output)
                .drop("batch")
                .selectExpr("to_json(struct(*))")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
